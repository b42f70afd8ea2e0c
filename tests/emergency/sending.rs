//! Sent, stopped, let go on, and left at what arrived.

use kairan::delivery;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, EmergencyError};
use sea_orm::EntityTrait;

use super::{FIRST, Night, Who, water};
use crate::on_both;

on_both!(
    what_both_agreed_to_is_on_its_way_with_the_commit,
    |night: Night| {
        let id = night.concurred().await;
        night.done(Who::OwnChief, id, Act::Send).await;
        let found = night.find(id).await;
        let issue = found.issue.as_ref().unwrap();
        let row = entity::dispatch::Entity::find_by_id(found.head.dispatch.unwrap().0);
        let row = row.one(night.hall.db.conn()).await.unwrap().unwrap();
        let sent: serde_json::Value = serde_json::from_str(&row.messages).unwrap();
        assert_eq!(sent, issue.messages, "byte for byte");
        assert_eq!(
            (row.lane, row.source.as_str(), row.silent),
            (0, emergency::SOURCE, false)
        );
        assert_eq!(row.audience.unsigned_abs(), FIRST);
        assert!(row.cut_at.is_some());
        assert_eq!(found.head.people, Some(FIRST));
        let both = (
            found.head.concurred.unwrap().by,
            found.head.sent.unwrap().by,
        );
        assert_eq!(
            both,
            (night.people[&Who::PrChief], night.people[&Who::OwnChief])
        );

        // History and record are the same deeds.
        let record = night.hall.record("emergency.").await;
        let about: Vec<&str> = record.iter().rev().map(|e| e.act.as_str()).collect();
        assert_eq!(
            about,
            [
                "emergency.drafted",
                "emergency.submitted",
                "emergency.concurred",
                "emergency.sent"
            ]
        );
        assert_eq!(found.history.len(), about.len());
        for entry in &record[..2] {
            assert_eq!(
                entry.detail["confirmed"]["digest"],
                found.head.digest.as_ref().unwrap().as_str()
            );
        }
        // Who sends proves it, and what they signed is kept.
        for event in found
            .history
            .iter()
            .filter(|event| event.evidence.is_some())
        {
            let kept = night
                .accounts
                .evidence(event.evidence.as_ref().unwrap())
                .await
                .unwrap();
            assert!(kept.is_some());
        }
    }
);

on_both!(the_whole_town_is_everybody, |night: Night| {
    let id = night.drafts_as(Who::OwnChief, &water()).await.unwrap();
    night.done(Who::OwnChief, id, Act::Submit).await;
    night.done(Who::PrChief, id, Act::Concur).await;
    night.done(Who::OwnChief, id, Act::Send).await;
    assert_eq!(night.find(id).await.head.people, Some(15));
});

on_both!(it_ends_as_its_envelopes_end, |night: Night| {
    for (how, state) in [
        ("accepted", State::Sent),
        ("refused", State::Attention),
        ("unknown", State::Attention),
        ("late", State::Attention),
    ] {
        let id = night.ended(how).await;
        assert_eq!(night.state(id).await, state, "{how}");
        night.settles().await;
        assert_eq!(night.state(id).await, state, "{how}");
    }
    let waits = night.sent().await;
    night.settles().await;
    assert_eq!(night.state(waits).await, State::Dispatching);
});

on_both!(
    what_is_stopped_begins_nothing_and_goes_on_by_two,
    |night: Night| {
        let id = night.sent().await;
        night.done(Who::PrStaff, id, Act::Stop).await;
        let dispatch = night.dispatch(id).await;
        let progress = delivery::progress(&night.hall.db, night.hall.now, dispatch)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            progress.state,
            delivery::State::Stopped(delivery::StopReason::Asked)
        );
        // Not by its own chief alone, nor by one person for both.
        let refused = night.tries(Who::OwnChief, id, Act::Resume, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotTheirs(Act::Resume))),
            "{refused:?}"
        );
        night.done(Who::PrChief, id, Act::ConcurResume).await;
        let refused = night.tries(Who::PrChief, id, Act::Resume, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotTheirs(Act::Resume))),
            "{refused:?}"
        );
        night.done(Who::OwnChief, id, Act::Resume).await;
        assert_eq!(night.state(id).await, State::Dispatching);
        // Stopped again, the agreement of before is over.
        night.done(Who::Duty, id, Act::Stop).await;
        let refused = night.tries(Who::OwnChief, id, Act::Resume, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotTheirs(Act::Resume))),
            "{refused:?}"
        );
    }
);

on_both!(both_agree_to_the_same_remainder, |night: Night| {
    let id = night.sent().await;
    night.done(Who::Duty, id, Act::Stop).await;
    night.done(Who::PrChief, id, Act::ConcurResume).await;
    // A call that was under way comes to its end.
    use entity::envelope::{Column, Entity};
    use sea_orm::{ColumnTrait, QueryFilter};
    Entity::update_many()
        .col_expr(Column::State, sea_orm::sea_query::Expr::value("accepted"))
        .col_expr(
            Column::EndedAt,
            sea_orm::sea_query::Expr::value(night.hall.now),
        )
        .filter(Column::DispatchId.eq(night.dispatch(id).await.0))
        .exec(night.hall.db.conn())
        .await
        .unwrap();
    let refused = night.tries(Who::OwnChief, id, Act::Resume, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Changed)),
        "{refused:?}"
    );
});

on_both!(nothing_is_left_to_stop_of_what_has_ended, |night: Night| {
    let id = night.sent().await;
    night.envelopes_end(id, "accepted").await;
    let refused = night.tries(Who::Duty, id, Act::Stop, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::NothingLeft)),
        "{refused:?}"
    );
});

on_both!(what_line_refused_is_tried_again_by_one, |night: Night| {
    let id = night.sent().await;
    night.is_refused(id).await;
    night.done(Who::OwnChief, id, Act::Retry).await;
    assert_eq!(night.state(id).await, State::Dispatching);
    // What has ended is not sent anew.
    night.envelopes_end(id, "refused").await;
    night.settles().await;
    let refused = night.tries(Who::OwnChief, id, Act::Retry, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::NothingLeft)),
        "{refused:?}"
    );
    night.done(Who::OwnChief, id, Act::Accept).await;
    assert_eq!(night.state(id).await, State::Partial);
});

on_both!(an_unknown_outcome_takes_both, |night: Night| {
    let id = night.ended("unknown").await;
    let refused = night.tries(Who::OwnChief, id, Act::Accept, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Unknown(n)) if n == FIRST),
        "{refused:?}"
    );
    let accepts = async || {
        let confirmed = night.confirmed(Who::OwnChief, id, Act::Accept).await;
        let (now, terms, by) = (
            night.hall.now,
            night.terms(),
            night.signed(Who::OwnChief).await,
        );
        night
            .does(async |tx| {
                emergency::accept(tx, now, terms, &by, id, "電話で確かめた", Some(confirmed)).await
            })
            .await
    };
    let alone = accepts().await;
    assert!(
        matches!(alone, Err(EmergencyError::NotTheirs(Act::Accept))),
        "{alone:?}"
    );
    night.done(Who::PrChief, id, Act::ConcurAccept).await;
    accepts().await.unwrap();
    assert_eq!(night.state(id).await, State::Partial);
});

on_both!(a_large_audience_is_cut_afterwards, |night: Night| {
    night.crowds(delivery::PAGE).await;
    let id = night.sent().await;
    let people = night.find(id).await.head.people.unwrap();
    assert_eq!(people, delivery::PAGE as u64 + 15);
    let dispatch = night.dispatch(id).await;
    let progress = async || {
        let progress = delivery::progress(&night.hall.db, night.hall.now, dispatch).await;
        progress.unwrap().unwrap()
    };
    assert_eq!(
        (progress().await.state, progress().await.audience),
        (delivery::State::Cutting, 0)
    );
    let clock = kairan::clock::Clock::fixed(night.hall.now);
    assert!(
        emergency::cut_next(&night.hall.db, &clock, || ())
            .await
            .unwrap()
    );
    assert_eq!(
        (progress().await.state, progress().await.audience),
        (delivery::State::Sending, people)
    );
    assert!(
        !emergency::cut_next(&night.hall.db, &clock, || ())
            .await
            .unwrap()
    );
});

on_both!(nothing_goes_out_while_everything_is_held, |night: Night| {
    use entity::delivery_gate::{Column, Entity};
    use sea_orm::sea_query::Expr;
    let id = night.concurred().await;
    let (now, conn) = (night.hall.now, night.hall.db.conn());
    let held = Entity::update_many()
        .col_expr(Column::HeldSince, Expr::value(Some(now)))
        .col_expr(Column::HoldReason, Expr::value(Some("unauthorised")));
    held.exec(conn).await.unwrap();
    let refused = night.tries(Who::OwnChief, id, Act::Send, true).await;
    assert!(matches!(refused, Err(EmergencyError::Held)), "{refused:?}");
    let lifted = Entity::update_many()
        .col_expr(
            Column::HeldSince,
            Expr::value(None::<kairan::clock::Instant>),
        )
        .col_expr(Column::HoldReason, Expr::value(None::<String>));
    lifted.exec(conn).await.unwrap();
    night.done(Who::OwnChief, id, Act::Send).await;
});
