//! From an audience to envelopes.

use chrono::TimeDelta;
use entity::{dispatch, envelope};
use kairan::audit::Actor;
use kairan::delivery::{self, NotCut, NotOpened, State, StopReason, Tally};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::{cut, cut_for, notice, open};
use crate::on_both;
use crate::support::database::TestDb;
use crate::support::town::tuesday;

async fn envelopes(db: &TestDb) -> Vec<envelope::Model> {
    let all = envelope::Entity::find().order_by_asc(envelope::Column::Id);
    all.all(db.conn()).await.unwrap()
}

on_both!(everybody_is_in_one_envelope, |db: TestDb| {
    let people: Vec<i64> = (1..=12_345).map(|n| n * 3).collect();
    let dispatch = open(&db, tuesday(), notice("1")).await;
    cut_for(&db, tuesday(), &people).await;
    let envelopes = envelopes(&db).await;
    let sizes: Vec<i32> = envelopes.iter().map(|e| e.people).collect();
    assert_eq!(sizes.len(), 25);
    assert!(sizes[..24].iter().all(|people| *people == 500));
    assert_eq!(sizes[24], 345);
    let bytes = |e: &envelope::Model| e.recipients.as_ref().unwrap().len();
    assert!(envelopes.iter().all(|e| bytes(e) <= 504));
    let progress = delivery::progress(&db, tuesday(), dispatch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (progress.state, progress.audience),
        (State::Sending, 12_345)
    );
    let waiting = |waiting| Tally {
        waiting,
        ..Tally::default()
    };
    assert_eq!(
        (progress.people, progress.envelopes),
        (waiting(12_345), waiting(25))
    );
    assert_eq!(
        delivery::cutting(&db, tuesday(), "test").await.unwrap(),
        None
    );
});

on_both!(the_same_thing_is_not_opened_twice, |db: TestDb| {
    let first = open(&db, tuesday(), notice("1")).await;
    let tx = db.begin().await.unwrap();
    let again = delivery::open(&tx, tuesday(), notice("1")).await;
    assert!(matches!(again, Err(NotOpened::Already { .. })));
    // The refusal leaves the transaction usable: its owner decides.
    delivery::open(&tx, tuesday(), notice("2")).await.unwrap();
    tx.commit().await.unwrap();
    let found = delivery::find(&db, "test", "1").await.unwrap();
    assert_eq!(found, Some(first));
});

on_both!(
    a_cutter_that_falls_silent_is_taken_over_where_it_stood,
    |db: TestDb| {
        let people: Vec<i64> = (1..=2_000).collect();
        open(&db, tuesday(), notice("1")).await;
        let first = delivery::cutting(&db, tuesday(), "test")
            .await
            .unwrap()
            .unwrap();
        let first = cut(&db, tuesday(), &first, &people[..1_234], false)
            .await
            .unwrap();
        assert_eq!(first.after, 1_000, "the rest waits for a full envelope");
        assert_eq!(
            delivery::cutting(&db, tuesday(), "test").await.unwrap(),
            None
        );
        let later = tuesday() + TimeDelta::seconds(31);
        let second = delivery::cutting(&db, later, "test")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(second.after, 1_000);
        let refused = cut(&db, later, &first, &people[1_000..], true).await;
        assert!(matches!(refused, Err(NotCut::NotOurs)), "{refused:?}");
        cut(&db, later, &second, &people[1_000..], true)
            .await
            .unwrap();
        assert_eq!(envelopes(&db).await.len(), 4);
    }
);

on_both!(people_come_in_order_and_once, |db: TestDb| {
    open(&db, tuesday(), notice("1")).await;
    let lent = delivery::cutting(&db, tuesday(), "test")
        .await
        .unwrap()
        .unwrap();
    for odd in [&[0_i64][..], &[5, 4], &[4, 4]] {
        let refused = cut(&db, tuesday(), &lent, odd, true).await;
        assert!(
            matches!(refused, Err(NotCut::OutOfOrder { after: 0 })),
            "{odd:?}"
        );
    }
    let lent = cut(&db, tuesday(), &lent, &[4, 5], false).await.unwrap();
    let refused = cut(&db, tuesday(), &lent, &[5, 6], true).await;
    assert!(matches!(refused, Err(NotCut::OutOfOrder { after: 5 })));
});

on_both!(
    a_stopped_dispatch_is_not_cut_until_it_is_resumed,
    |db: TestDb| {
        let dispatch = open(&db, tuesday(), notice("1")).await;
        let lent = delivery::cutting(&db, tuesday(), "test")
            .await
            .unwrap()
            .unwrap();
        let turn = async |resume| {
            let tx = db.begin().await.unwrap();
            let done = match resume {
                false => delivery::stop(&tx, tuesday(), dispatch, Actor::Operator).await,
                true => delivery::resume(&tx, tuesday(), dispatch, Actor::Operator).await,
            };
            tx.commit().await.unwrap();
            done.unwrap()
        };
        assert!(turn(false).await);
        assert!(!turn(false).await, "it is stopped already");
        let refused = cut(&db, tuesday(), &lent, &[1, 2], true).await;
        assert!(matches!(refused, Err(NotCut::NotOurs)));
        let progress = delivery::progress(&db, tuesday(), dispatch)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(progress.state, State::Stopped(StopReason::Asked));
        assert!(turn(true).await);
        cut(&db, tuesday(), &lent, &[1, 2], true).await.unwrap();
    }
);

on_both!(the_database_keeps_what_was_promised, |db: TestDb| {
    open(&db, tuesday(), notice("1")).await;
    cut_for(&db, tuesday(), &[1, 2, 3]).await;
    for (deed, says) in [
        (
            "UPDATE dispatch SET messages = '[]'",
            "does not change once it is open",
        ),
        (
            "UPDATE dispatch SET lane = 0",
            "does not change once it is open",
        ),
        (
            "UPDATE dispatch SET unit = 'other'",
            "does not change once it is open",
        ),
        ("UPDATE dispatch SET cut_at = NULL", "is cut once"),
        ("UPDATE envelope SET people = 2", "do not change"),
        (
            "UPDATE envelope SET retry_key = dispatch_id",
            "do not change",
        ),
        (
            "UPDATE envelope SET recipients = NULL",
            "settled before its second attempt",
        ),
        ("DELETE FROM delivery_gate", "never deleted"),
    ] {
        let refused = db.conn().execute_unprepared(deed).await.unwrap_err();
        assert!(refused.to_string().contains(says), "{deed}: {refused}");
    }
    let lost = "UPDATE envelope SET state = 'lent'";
    assert!(
        db.conn().execute_unprepared(lost).await.is_err(),
        "no attempt is on record"
    );
    assert_eq!(
        dispatch::Entity::find().all(db.conn()).await.unwrap().len(),
        1
    );
});
