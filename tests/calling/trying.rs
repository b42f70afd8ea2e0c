//! While nothing happens: call-out drills, and the weekly test of everybody's ways.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kairan::calling::{self, Kind, NotTested, Side, Way};
use kairan::emergency;
use kairan::jobs::{Every, JOBS, Task};
use kairan::policy::Channel::{Mail, Push, Sms, Voice};

use super::{Ring, Who, all_of};
use crate::on_both;

on_both!(
    a_changed_way_is_told_by_the_others_in_words,
    |ring: Ring| {
        let chief = ring.person(Who::PrChief);
        for (way, besides) in [(Way::Telephone, Push), (Way::Device, Sms)] {
            let tx = ring.night.hall.db.db.begin().await.unwrap();
            calling::changed(&tx, ring.now(), chief, way).await.unwrap();
            tx.commit().await.unwrap();
            ring.steps().await;
            let [letter] = &ring.mail.letters()[..] else {
                panic!("one letter")
            };
            let says = "あなたの夜間の連絡先が変わりました";
            assert!(letter.subject.contains(says), "{}", letter.subject);
            assert_eq!(ring.called(), all_of(Who::PrChief, &[besides]), "{way:?}");
        }
        // It keeps nobody from trying at once whether the new one works.
        let tx = ring.night.hall.db.db.begin().await.unwrap();
        let tested = calling::test(&tx, ring.now(), chief, false).await;
        assert!(tested.is_ok(), "{tested:?}");
    }
);

on_both!(a_drill_tells_how_soon_somebody_answers, |ring: Ring| {
    let db = &ring.night.hall.db;
    assert!(
        emergency::is_drill_due(db, ring.now()).await.unwrap(),
        "there was none"
    );
    let mut ids = Vec::new();
    for seconds in [45, 130] {
        ids.push(ring.calls_out(Side::Concurs).await);
        ring.steps().await;
        let text = ring.gateway.requests().pop().unwrap().json();
        let text = text["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with("【訓練】呼出訓練 第"), "{text}");
        ring.later(seconds);
        ring.answers(&crate::calling::token(&text)).await.unwrap();
    }
    ids.push(ring.calls_out(Side::Sends).await);
    ring.later(60 * 60);
    ring.steps().await;
    let db = &ring.night.hall.db;
    let since = ring.now() - TimeDelta::days(365);
    let drills = calling::drills(db, since).await.unwrap();
    let took: Vec<_> = drills
        .iter()
        .map(|drill| drill.took().map(|took| took.num_seconds()))
        .collect();
    assert_eq!(took, [None, Some(130), Some(45)], "the newest first");
    assert!(
        drills
            .iter()
            .all(|drill| drill.drill && drill.kind == Kind::Drill)
    );
    let numbers: BTreeSet<u32> = drills.iter().map(|drill| drill.number).collect();
    assert_eq!(numbers, [1, 2, 3].into());

    assert!(!emergency::is_drill_due(db, ring.now()).await.unwrap());
    let later = ring.now() + TimeDelta::days(emergency::DAYS_BETWEEN_DRILLS);
    assert!(emergency::is_drill_due(db, later).await.unwrap());
});

on_both!(
    once_a_week_everybody_on_a_ladder_is_tested_quietly,
    |ring: Ring| {
        let rules = ring.night.profile.emergency.clone().unwrap();
        // Everybody reachable, and the chief of the third section, who has no way at all.
        let tested = emergency::test_everybody(&ring.night.hall.db, ring.now(), &rules).await;
        assert_eq!(tested.unwrap(), 7);
        ring.steps().await;
        let gateway = ring.gateway.requests();
        assert_eq!(gateway.len(), 6, "no voice");
        for request in &gateway {
            let text = request.json()["text"].as_str().unwrap().to_owned();
            assert!(text.starts_with("【呼出の試験】"), "{text}");
        }
        let third = ring.person(Who::ThirdChief);
        let tests = calling::tests(&ring.night.hall.db, ring.now())
            .await
            .unwrap();
        assert_eq!(tests.len(), 7);
        assert!(!tests[&third].reached_out());
        let chief = ring.person(Who::PrChief);
        assert!(tests[&chief].reached_out() && tests[&chief].ended.is_none());
        // They say that it came, the day passes, and it is over.
        let first = gateway[0].json();
        let answered = ring
            .answers(&crate::calling::token(first["text"].as_str().unwrap()))
            .await;
        let answered = answered.unwrap();
        assert_eq!(answered.matter, answered.answered().unwrap().0.0);
        ring.later(24 * 60 * 60);
        ring.steps().await;
        let tests = calling::tests(&ring.night.hall.db, ring.now() - TimeDelta::days(2)).await;
        let tests = tests.unwrap();
        assert!(tests.values().all(|test| test.ended.is_some()));
        assert_eq!(
            tests
                .values()
                .filter(|test| test.answered().is_some())
                .count(),
            1
        );
    }
);

on_both!(somebody_tries_their_own_telephone, |ring: Ring| {
    let own = ring.person(Who::OwnChief);
    let tries = async |ring: &Ring| {
        let tx = ring.night.hall.db.db.begin().await.unwrap();
        let id = calling::test(&tx, ring.now(), own, true).await?;
        tx.commit().await.unwrap();
        Ok::<_, NotTested>(id)
    };
    let id = tries(&ring).await.unwrap();
    ring.steps().await;
    assert_eq!(
        ring.called(),
        all_of(Who::OwnChief, &[Mail, Push, Sms, Voice])
    );
    let again = tries(&ring).await;
    assert!(matches!(again, Err(NotTested::TooSoon)), "{again:?}");
    ring.later(60);
    tries(&ring).await.unwrap();
    assert!(ring.calling(id).await.ended.is_some(), "one at a time");
});

#[test]
fn the_jobs_stand_in_the_table() {
    let weekly = JOBS.iter().find(|job| job.task == Task::Ways).unwrap();
    assert_eq!(weekly.every, Every::Week(chrono::Weekday::Mon, 10, 5));
    assert_eq!(weekly.every.cron(), "0 5 10 * * Mon");
    assert!(JOBS.iter().any(|job| job.task == Task::CallOutDrill));
}
