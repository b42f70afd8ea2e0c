//! What is told afterwards, by two people.

use kairan::clock::Instant;
use kairan::emergency::EmergencyError;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::report::{self, Deviation};

use super::{FIRST, Night, Who};
use crate::on_both;

on_both!(two_people_stand_behind_it, |night: Night| {
    let id = night.ended("accepted").await;
    let refused = night.tries(Who::PrChief, id, Act::Confirm, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::NotTheirs(Act::Confirm))),
        "{refused:?}"
    );
    night.done(Who::OwnChief, id, Act::File).await;
    let read = night.find(id).await.report.unwrap().filed.unwrap().at;
    night.later(1);
    night.done(Who::OwnChief, id, Act::File).await;
    let (now, terms, by) = (
        night.hall.now,
        night.terms(),
        night.signed(Who::PrChief).await,
    );
    let confirm = async |filed_at| {
        night
            .does(async |tx| report::confirm(tx, now, terms, &by, id, filed_at).await)
            .await
    };
    let stale = confirm(read).await;
    assert!(matches!(stale, Err(EmergencyError::NotFiled)), "{stale:?}");
    confirm(now).await.unwrap();
    assert_eq!(night.state(id).await, State::Closed);
});

on_both!(what_deputies_did_the_chiefs_look_at, |night: Night| {
    let id = night.conferring().await;
    night.later(3);
    night.done(Who::PrDeputy, id, Act::Concur).await;
    // Who sends was called only now.
    let early = night.tries(Who::OwnDeputy, id, Act::Send, false).await;
    assert!(
        matches!(early, Err(EmergencyError::NotTheirs(Act::Send))),
        "{early:?}"
    );
    night.later(3);
    night.done(Who::OwnDeputy, id, Act::Send).await;
    night.envelopes_end(id, "accepted").await;
    night.settles().await;
    let deputy = night.open_to(Who::OwnDeputy, id).await;
    assert!(!deputy.contains_key(&Act::File), "{deputy:?}");
    night.done(Who::OwnChief, id, Act::File).await;
    let deputy = night.open_to(Who::PrDeputy, id).await;
    assert!(!deputy.contains_key(&Act::Confirm), "{deputy:?}");
    night.done(Who::PrChief, id, Act::Confirm).await;
    assert_eq!(night.state(id).await, State::Closed);
});

on_both!(
    it_is_due_on_the_next_working_day_when_work_ends,
    |night: Night| {
        let id = night.ended("accepted").await;
        // Sent on Tuesday night.
        let due: Instant = "2026-11-25T08:15:00Z".parse().unwrap();
        assert_eq!(night.find(id).await.report.unwrap().due_at, due);
        let overdue = async |at| {
            let heads = report::overdue(&night.hall.db, at).await.unwrap();
            heads.into_iter().map(|head| head.id).collect::<Vec<_>>()
        };
        assert_eq!(overdue(due).await, []);
        let late = due + chrono::TimeDelta::seconds(1);
        assert_eq!(overdue(late).await, [id]);
        night.hall.now = late;
        night.done(Who::OwnChief, id, Act::File).await;
        assert_eq!(overdue(late).await, [id]);
        night.done(Who::PrChief, id, Act::Confirm).await;
        assert_eq!(overdue(late).await, []);
        let told = report::report(&night.hall.db, late, id)
            .await
            .unwrap()
            .unwrap();
        assert!(
            told.deviations.contains(&Deviation::Late),
            "{:?}",
            told.deviations
        );
    }
);

on_both!(it_tells_everything, |night: Night| {
    let id = night.conferring().await;
    night.done(Who::PrChief, id, Act::Return).await;
    night.done(Who::Drafter, id, Act::Edit).await;
    night.done(Who::OwnChief, id, Act::Submit).await;
    night.later(4);
    night.done(Who::PrDeputy, id, Act::Concur).await;
    night.leave(1).await;
    night.done(Who::OwnChief, id, Act::Send).await;
    night.envelopes_end(id, "unknown").await;
    night.settles().await;
    let told = report::report(&night.hall.db, night.hall.now, id)
        .await
        .unwrap()
        .unwrap();
    let number = told.emergency.head.number().unwrap();
    assert_eq!(
        number,
        told.emergency.head.digest.as_ref().unwrap().number()
    );
    let acts: Vec<_> = told.timeline.iter().map(|entry| entry.event.act).collect();
    assert_eq!(
        acts,
        [
            None,
            Some(Act::Submit),
            Some(Act::Return),
            Some(Act::Edit),
            Some(Act::Submit),
            Some(Act::Concur),
            Some(Act::Send),
            Some(Act::Trouble)
        ]
    );
    let agreed = &told.timeline[5];
    assert_eq!(agreed.person.as_ref().unwrap().number.as_str(), "2002");
    assert_eq!(agreed.standing_in_for.as_deref(), Some("広報課 課長"));
    assert_eq!(told.timeline[7].person, None);
    assert_eq!(told.progress.as_ref().unwrap().people.unknown, FIRST - 1);
    assert_eq!(
        told.deviations,
        [
            Deviation::Deputy(Act::Concur),
            Deviation::HandedInAgain(1),
            Deviation::OtherPeople {
                agreed: FIRST,
                sent: FIRST - 1
            },
            Deviation::Unknown(FIRST - 1),
        ]
    );
});
