//! The record of deeds: it grows, it never forks, and whoever changes the past is found.

use entity::audit_entry::{Column, Entity};
use kairan::audit::{self, Actor, Entry, Form, Head, Query, Who, Why};
use kairan::clock::Instant;
use kairan::db::Db;
use kairan::ids::PersonId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::on_both;
use crate::support::database::TestDb;

fn now() -> Instant {
    "2026-11-24T00:00:00.123456Z".parse().unwrap()
}

pub async fn record(db: &Db, entry: Entry) {
    let tx = db.begin().await.unwrap();
    audit::record(&tx, now(), entry).await.unwrap();
    tx.commit().await.unwrap();
}

pub fn deed(number: usize) -> Entry {
    Entry::of(Actor::Operator, "test.done", ("thing", number))
        .with(json!({ "b": number, "a": "ごみ" }))
}

pub async fn chain(db: &Db, length: usize) {
    let tx = db.begin().await.unwrap();
    for number in 1..=length {
        audit::record(&tx, now(), deed(number)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn why(db: &Db, kept: Option<&Head>) -> Option<(i64, Why)> {
    let verdict = audit::verify(db, kept).await.unwrap();
    verdict.err().map(|broken| (broken.seq, broken.why))
}

/// As somebody would who owns the database.
pub async fn lift_the_rules(db: &Db) {
    let rules: &[&str] = match db.is_embedded() {
        true => &[
            "DROP TRIGGER audit_entry_stays_update",
            "DROP TRIGGER audit_entry_stays_delete",
            "DROP TRIGGER audit_head_grows_update",
        ],
        false => &[
            "DROP TRIGGER audit_entry_stays ON audit_entry",
            "DROP TRIGGER audit_head_grows ON audit_head",
        ],
    };
    for rule in rules {
        db.conn().execute_unprepared(rule).await.unwrap();
    }
}

on_both!(
    a_deed_and_its_entry_exist_together_or_not_at_all,
    |db: TestDb| {
        assert_eq!(audit::verify(&db, None).await.unwrap().unwrap().entries, 0);
        record(&db, deed(1)).await;
        let tx = db.db.begin().await.unwrap();
        audit::record(&tx, now(), deed(2)).await.unwrap();
        drop(tx);
        record(&db, deed(3)).await;
        let verified = audit::verify(&db, None).await.unwrap().unwrap();
        assert_eq!(verified.entries, 2);
        let found = audit::search(&db, &Query::default()).await.unwrap().entries;
        let things: Vec<&str> = found.iter().map(|e| e.object_id.as_str()).collect();
        assert_eq!(
            things,
            ["3", "1"],
            "newest first, without what never happened"
        );
        assert_eq!(found[0].digest, verified.head.digest);
        assert_eq!(
            (found[0].at, &found[0].detail),
            (now(), &json!({ "a": "ごみ", "b": 3 }))
        );
    }
);

on_both!(eight_writers_make_one_chain, |db: TestDb| {
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let db = db.db.clone();
            tokio::spawn(async move {
                for deed_of_writer in 0..25 {
                    record(&db, deed(writer * 100 + deed_of_writer)).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(
        audit::verify(&db, None).await.unwrap().unwrap().entries,
        200
    );
});

on_both!(the_database_lets_nobody_rewrite_it, |db: TestDb| {
    chain(&db, 3).await;
    let mut attempts = vec![
        "UPDATE audit_entry SET act = 'x' WHERE seq = 2",
        "DELETE FROM audit_entry WHERE seq = 3",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
        "UPDATE audit_head SET digest = 'x'",
    ];
    if !db.is_embedded() {
        attempts.extend(["TRUNCATE audit_entry", "TRUNCATE audit_head"]);
    }
    for attempt in attempts {
        assert!(
            db.conn().execute_unprepared(attempt).await.is_err(),
            "{attempt}"
        );
    }
    assert_eq!(why(&db, None).await, None);
});

on_both!(
    a_kept_head_finds_what_the_chain_alone_cannot,
    |db: TestDb| {
        chain(&db, 5).await;
        let kept = audit::head(&db).await.unwrap();
        assert_eq!(kept.to_string().parse::<Head>().unwrap(), kept);
        record(&db, deed(6)).await;
        assert_eq!(why(&db, Some(&kept)).await, None, "growing is no fault");
        lift_the_rules(&db).await;
        // The end is cut off, and the head made to fit.
        let third = Entity::find_by_id(3).one(db.conn()).await.unwrap().unwrap();
        Entity::delete_many()
            .filter(Column::Seq.gt(3))
            .exec(db.conn())
            .await
            .unwrap();
        let fit = format!("UPDATE audit_head SET seq = 3, digest = '{}'", third.digest);
        db.conn().execute_unprepared(&fit).await.unwrap();
        assert_eq!(why(&db, None).await, None, "in itself it is whole");
        assert_eq!(why(&db, Some(&kept)).await, Some((5, Why::NotAsKept)));
        // And other deeds written in the place of those that were cut.
        for number in 7..=9 {
            record(&db, deed(number)).await;
        }
        assert_eq!(why(&db, None).await, None);
        assert_eq!(why(&db, Some(&kept)).await, Some((5, Why::NotAsKept)));
    }
);

on_both!(a_head_that_was_moved_is_found, |db: TestDb| {
    chain(&db, 3).await;
    lift_the_rules(&db).await;
    db.conn()
        .execute_unprepared("UPDATE audit_head SET seq = 9")
        .await
        .unwrap();
    assert_eq!(why(&db, None).await, Some((4, Why::OtherEnd)));
});

on_both!(the_record_is_searched_by_all_it_says, |db: TestDb| {
    let person = PersonId::new(now());
    let signed = Actor::Person(person, Some("広報課 課長".into()));
    record(
        &db,
        Entry::of(signed, "policy.adopted", ("policy", "2026_1")).from_network("192.0.2.0/24"),
    )
    .await;
    record(
        &db,
        Entry::of(Actor::System, "countersign.expired", ("countersign", 1)),
    )
    .await;
    record(&db, deed(50)).await;
    let count = |query: Query| {
        let db = &db;
        async move { audit::search(db, &query).await.unwrap().entries.len() }
    };
    let with = |words: &[&str]| Query {
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        ..Query::default()
    };
    assert_eq!(
        count(Query {
            who: Some(Who::Person(person)),
            ..Query::default()
        })
        .await,
        1
    );
    assert_eq!(
        count(Query {
            who: Some(Who::System),
            ..Query::default()
        })
        .await,
        1
    );
    assert_eq!(
        count(Query {
            who: Some(Who::Operator),
            ..Query::default()
        })
        .await,
        1
    );
    assert_eq!(
        count(Query {
            act: Some("policy.".into()),
            ..Query::default()
        })
        .await,
        1
    );
    assert_eq!(
        count(Query {
            object: Some("50".into()),
            ..Query::default()
        })
        .await,
        1
    );
    assert_eq!(count(with(&["広報課"])).await, 1);
    assert_eq!(count(with(&["ごみ", "test"])).await, 1);
    assert_eq!(count(with(&["広報課", "test"])).await, 0);
    assert_eq!(count(with(&["2026_1"])).await, 1);
    assert_eq!(count(with(&["%"])).await, 0, "a sign is a sign");
    let later = now() + chrono::TimeDelta::microseconds(1);
    assert_eq!(
        count(Query {
            from: Some(later),
            ..Query::default()
        })
        .await,
        0
    );
    assert_eq!(
        count(Query {
            until: Some(later),
            ..Query::default()
        })
        .await,
        3
    );
    assert_eq!(
        count(Query {
            until: Some(now()),
            ..Query::default()
        })
        .await,
        0
    );
});

on_both!(pages_follow_each_other, |db: TestDb| {
    chain(&db, 51).await;
    let page = |page| Query {
        page,
        ..Query::default()
    };
    let first = audit::search(&db, &page(0)).await.unwrap();
    assert_eq!((first.entries.len(), first.total), (50, 51));
    let second = audit::search(&db, &page(1)).await.unwrap();
    assert_eq!((second.entries[0].seq, second.total), (1, 51));
});

/// Whatever was recorded in this time.
fn made(from: Option<Instant>, until: Option<Instant>) -> Query {
    Query {
        from,
        until,
        ..Query::default()
    }
}

on_both!(
    the_record_is_exported_for_excel_and_for_programs,
    |db: TestDb| {
        let formula = Actor::Person(PersonId::new(now()), Some("=1+1".into()));
        record(&db, Entry::of(formula, "test.done", ("thing", 1))).await;
        chain(&db, 1500).await;
        let mut csv = Vec::new();
        let head = audit::export(&db, &made(None, None), Form::Csv, &mut csv)
            .await
            .unwrap();
        assert_eq!(head, audit::head(&db).await.unwrap());
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with("\u{feff}番号,日時,"));
        assert_eq!(csv.lines().count(), 1502);
        assert!(csv.contains(",'=1+1,"), "a spreadsheet computes nothing");
        assert!(
            csv.contains("2026-11-24 09:00:00.123456"),
            "as Japan's clocks show it"
        );
        let mut json = Vec::new();
        let later = now() + chrono::TimeDelta::seconds(1);
        audit::export(
            &db,
            &made(Some(now()), Some(later)),
            Form::JsonLines,
            &mut json,
        )
        .await
        .unwrap();
        let json = String::from_utf8(json).unwrap();
        let last: serde_json::Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
        assert_eq!(
            (last["seq"].as_i64(), &last["detail"]["b"]),
            (Some(1501), &json!(1500))
        );
        let mut none = Vec::new();
        audit::export(&db, &made(Some(later), None), Form::JsonLines, &mut none)
            .await
            .unwrap();
        assert!(none.is_empty());
    }
);
