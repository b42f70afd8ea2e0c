//! The record's head leaves the machine: what is known elsewhere, nobody who owns the database takes back.

use chrono::TimeDelta;
use entity::audit_entry::{Column, Entity};
use kairan::audit::{self, Actor, Anchor, Entry};
use kairan::calling::Mail;
use kairan::jobs::{self, Job};
use kairan::scheduler::{Keeper, Office, run_if_due};
use kairan::seal::Seal;
use kairan::staff::people;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::audit::lift_the_rules;
use crate::calling::servers::MailServer;
use crate::on_both;
use crate::support::log::Log;
use crate::support::program::{Run, run};
use crate::support::town::Town;

fn job() -> Job {
    "anchor-audit".parse().unwrap()
}

/// Somebody keeps the town's anchors.
fn kept(town: &Town, mail: &MailServer) -> Office {
    let server = Mail::new(&mail.address.clone().into(), "line@city.example.jp").unwrap();
    let to = people::Mail::parse("auditor@city.example.jp").unwrap();
    Office {
        keeper: Some(Keeper { server, to }),
        ..town.product.office.clone()
    }
}

async fn deeds(town: &Town, count: usize) {
    let tx = town.db.begin().await.unwrap();
    for number in 0..count {
        let deed = Entry::of(Actor::Operator, "test.done", ("thing", number));
        audit::record(&tx, town.clock.now(), deed).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// As the operator asks.
fn verified(town: &Town, head: &str) -> Run {
    let words = ["audit", "verify", "--head", head];
    run(&[("DATABASE_URL", town.db.url.as_str())], &words)
}

fn anchors(log: &Log) -> Vec<String> {
    let ours = log.ours().into_iter();
    let ours = ours.filter(|line| line["target"] == "kairan::audit::anchor");
    ours.map(|line| {
        assert_eq!(line["level"], "INFO");
        line["fields"]["anchor"].as_str().unwrap().to_owned()
    })
    .collect()
}

on_both!(the_head_is_logged_and_mailed_each_hour, |town: Town| {
    let mail = MailServer::start().await;
    let (office, log) = (kept(&town, &mail), Log::listen());
    deeds(&town, 3).await;
    let head = audit::head(&town.db).await.unwrap();
    run_if_due(&office, job()).await;
    // Another replica wakes within the same hour.
    run_if_due(&office, job()).await;
    town.later(TimeDelta::hours(1));
    run_if_due(&office, job()).await;
    let anchors = anchors(&log);
    assert_eq!(anchors.len(), 2, "{anchors:?}");
    let letters = mail.letters();
    assert_eq!(letters.len(), 2);
    for (anchor, letter) in anchors.iter().zip(&letters) {
        assert!(anchor.starts_with(&format!("{head}/")), "{anchor}");
        assert_eq!(letter.to, "auditor@city.example.jp");
        assert!(letter.body.contains(anchor.as_str()), "{}", letter.body);
    }
    assert_ne!(letters[0].id, letters[1].id);
    // The log has it even where the mail does not go.
    mail.refuses("550 no such mailbox");
    town.later(TimeDelta::hours(1));
    run_if_due(&office, job()).await;
    let runs = jobs::last_runs(&town.db).await.unwrap();
    let last = runs.into_iter().find(|run| run.job == job().name).unwrap();
    assert!(last.error.unwrap().contains("was not mailed"));
    assert_eq!(self::anchors(&log).len(), 3);
});

on_both!(
    an_anchor_finds_a_tail_cut_off_and_a_forged_one_is_refused,
    |town: Town| {
        let log = Log::listen();
        deeds(&town, 5).await;
        run_if_due(&town.product.office, job()).await;
        let anchor = anchors(&log).remove(0);
        deeds(&town, 1).await;
        let whole = verified(&town, &anchor);
        assert_eq!((whole.code, whole.err.as_str()), (0, ""), "{whole:?}");
        // Whoever owns the database cuts the end off and makes the head fit.
        lift_the_rules(&town.db).await;
        let conn = town.db.conn();
        let cut_at = audit::head(&town.db).await.unwrap().seq - 3;
        let last = Entity::find_by_id(cut_at).one(conn).await.unwrap().unwrap();
        let gone = Entity::delete_many().filter(Column::Seq.gt(cut_at));
        gone.exec(conn).await.unwrap();
        let fit = format!(
            "UPDATE audit_head SET seq = {cut_at}, digest = '{}'",
            last.digest
        );
        conn.execute_unprepared(&fit).await.unwrap();
        let head = audit::verify(&town.db, None).await.unwrap().unwrap().head;
        let cut = verified(&town, &anchor);
        assert_eq!(cut.code, 1);
        assert!(
            cut.err.contains("cut off, or written anew"),
            "the chain alone is whole: {}",
            cut.err
        );
        // Nor do they make an anchor that fits: another's key, or ours over something else.
        let theirs = Anchor::of(&Seal::generate().unwrap(), town.clock.now(), head.clone());
        let code = anchor.rsplit_once('/').unwrap().1;
        let time = anchor.split('/').nth(1).unwrap();
        for forged in [theirs.to_string(), format!("{head}/{time}/{code}")] {
            let refused = verified(&town, &forged);
            assert_eq!(refused.code, 1);
            assert!(refused.err.contains("not made with a key"), "{refused:?}");
        }
    }
);
