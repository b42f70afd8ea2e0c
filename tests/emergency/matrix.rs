//! Twelve states, every act, everybody: held to a table written by hand.

use Who::{Drafter, Duty, OwnChief, OwnDeputy, PrChief, PrDeputy, PrStaff};
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, EmergencyError};
use kairan::ids::EmergencyId;

use super::{Night, Who};
use crate::on_both;

const OWN: &[Who] = &[OwnChief, OwnDeputy];
const PR: &[Who] = &[PrChief, PrDeputy];
const WRITERS: &[Who] = &[Drafter, OwnChief, OwnDeputy];
const STOPPERS: &[Who] = &[OwnChief, OwnDeputy, PrChief, PrDeputy, PrStaff, Duty];
const CORRECTORS: &[Who] = &[Drafter, OwnChief, OwnDeputy, PrChief, PrDeputy];

/// Who may do what, where; everything else is refused to everybody. Deputies' time has come.
pub const TABLE: [(State, Act, &[Who]); 30] = [
    (State::Draft, Act::Edit, WRITERS),
    (State::Draft, Act::Submit, OWN),
    (State::Conferring, Act::Edit, WRITERS),
    (State::Conferring, Act::Concur, PR),
    (State::Conferring, Act::Return, PR),
    (State::Conferring, Act::Decline, PR),
    (State::Conferring, Act::Withdraw, OWN),
    (State::Concurred, Act::Edit, WRITERS),
    (State::Concurred, Act::Withdraw, OWN),
    (State::Concurred, Act::Revoke, PR),
    (State::Concurred, Act::Send, OWN),
    (State::Dispatching, Act::Stop, STOPPERS),
    // Somebody of the other side agreed that it goes on.
    (State::Halted, Act::ConcurResume, PR),
    (State::Halted, Act::Resume, OWN),
    (State::Halted, Act::Correct, CORRECTORS),
    (State::Halted, Act::File, OWN),
    (State::Halted, Act::Confirm, PR),
    (State::Attention, Act::Stop, STOPPERS),
    (State::Attention, Act::Retry, OWN),
    (State::Attention, Act::ConcurAccept, PR),
    (State::Attention, Act::Accept, OWN),
    (State::Sent, Act::Correct, CORRECTORS),
    (State::Sent, Act::File, OWN),
    (State::Sent, Act::Confirm, PR),
    (State::Partial, Act::Correct, CORRECTORS),
    (State::Partial, Act::File, OWN),
    (State::Partial, Act::Confirm, PR),
    (State::Closed, Act::Correct, CORRECTORS),
    // No agreement for the year is in force, nor is it a correction.
    (State::Conferring, Act::SendCorrection, &[]),
    (State::Closed, Act::File, &[]),
];

const OF_THE_PRODUCT: [Act; 4] = [Act::Void, Act::Expire, Act::Finish, Act::Trouble];

fn allowed(state: State, act: Act) -> &'static [Who] {
    let row = TABLE
        .iter()
        .find(|(of, what, _)| (*of, *what) == (state, act));
    row.map_or(&[], |(.., who)| who)
}

/// One that stands there, handed in long enough ago for deputies; reports are filed, and the other side agreed
/// that what was stopped goes on.
pub async fn standing(night: &mut Night, state: State) -> EmergencyId {
    let id = match state {
        State::Draft => night.drafted().await,
        State::Conferring => night.conferring().await,
        State::Concurred => night.concurred().await,
        State::Dispatching => night.sent().await,
        State::Halted => {
            let id = night.sent().await;
            night.done(Duty, id, Act::Stop).await;
            night.done(PrChief, id, Act::ConcurResume).await;
            id
        }
        State::Attention | State::Partial => {
            let id = night.sent().await;
            night.is_refused(id).await;
            if state == State::Partial {
                night.done(OwnChief, id, Act::Accept).await;
            }
            id
        }
        State::Sent => night.ended("accepted").await,
        State::Closed => {
            let id = night.ended("accepted").await;
            night.done(OwnChief, id, Act::File).await;
            night.done(PrChief, id, Act::Confirm).await;
            id
        }
        State::Declined => {
            let id = night.conferring().await;
            night.done(PrChief, id, Act::Decline).await;
            id
        }
        State::Withdrawn => {
            let id = night.conferring().await;
            night.done(OwnChief, id, Act::Withdraw).await;
            id
        }
        State::Expired => {
            let id = night.conferring().await;
            night.later(60);
            emergency::expire(&night.hall.db, night.hall.now)
                .await
                .unwrap();
            night.later(-60);
            id
        }
    };
    if matches!(state, State::Halted | State::Sent | State::Partial) {
        night.done(OwnChief, id, Act::File).await;
    }
    assert_eq!(night.state(id).await, state);
    id
}

on_both!(who_may_do_what_where, |night: Night| {
    for state in State::ALL {
        let id = standing(&mut night, state).await;
        night.later(4);
        for who in Who::ALL {
            let open = night.open_to(who, id).await;
            for act in Act::ALL {
                let expected = allowed(state, act).contains(&who);
                assert_eq!(
                    open.contains_key(&act),
                    expected,
                    "{state}: {act} is open to {who:?}"
                );
                if OF_THE_PRODUCT.contains(&act) {
                    continue;
                }
                let tried = night.tries(who, id, act, false).await;
                assert_eq!(
                    tried.is_ok(),
                    expected,
                    "{state}: {act} by {who:?}: {tried:?}"
                );
            }
        }
        night.later(-4);
    }
});

on_both!(
    a_deputy_waits_for_the_chief_but_not_to_stop,
    |night: Night| {
        let waits = night.concurred().await;
        let goes = night.sent().await;
        for (seconds, may) in [(179, false), (1, true)] {
            night.hall.now += chrono::TimeDelta::seconds(seconds);
            assert_eq!(
                night
                    .open_to(OwnDeputy, waits)
                    .await
                    .contains_key(&Act::Send),
                may
            );
            let post = night.hall.childcare_chief;
            let open = night.open_to(OwnDeputy, waits).await;
            assert_eq!(open.get(&Act::Send), may.then_some(&Some(post)), "代");
            assert_eq!(
                night
                    .open_to(PrDeputy, waits)
                    .await
                    .contains_key(&Act::Revoke),
                may
            );
            assert!(
                night
                    .open_to(OwnDeputy, goes)
                    .await
                    .contains_key(&Act::Stop)
            );
        }
    }
);

on_both!(
    a_deputy_does_not_wait_for_a_post_that_nobody_holds,
    |night: Night| {
        let holding = night.hall.roster().await.holdings.into_iter();
        let mut theirs = holding.filter(|held| held.person == night.people[&PrChief]);
        let holding = theirs.next().unwrap().id;
        let (now, by) = (night.hall.now, kairan::audit::Actor::Operator);
        let tx = night.hall.db.db.begin().await.unwrap();
        let end = kairan::staff::people::End::AtOnce;
        kairan::staff::people::end_holding(&tx, now, &by, holding, end)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        night.profile.emergency.as_mut().unwrap().deputy_minutes = 60;
        // One deputy is left on that side: too few for a new one, enough for a correction.
        let id = night.drafted().await;
        let refused = night.tries(OwnChief, id, Act::Submit, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotReady(_))),
            "{refused:?}"
        );
        night.profile.emergency.as_mut().unwrap().live = true;
        let extra = night.hall.holder("2009", night.hall.pr_staff).await;
        let standing = kairan::staff::people::Term::since(night.hall.today());
        night
            .hall
            .agreed(crate::staff::deputy(
                night.hall.pr_chief,
                extra,
                2,
                standing,
            ))
            .await
            .unwrap();
        let phone = night.enrol(extra).await;
        night.phones.insert(extra, phone.into());
        night.later(26 * 60);
        night.done(OwnChief, id, Act::Submit).await;
        night.done(PrDeputy, id, Act::Concur).await;
    }
);

on_both!(
    the_contents_of_expired_requests_stay_closed_before_the_job_runs,
    |night: Night| {
        let id = night.concurred().await;
        night.later(60);
        assert_eq!(night.state(id).await, State::Concurred);
        assert_eq!(
            night.find(id).await.head.state_at(night.hall.now),
            State::Expired
        );
        for who in Who::ALL {
            assert!(night.open_to(who, id).await.is_empty());
        }
        for act in [Act::Send, Act::Edit, Act::Revoke, Act::Withdraw] {
            let refused = night.tries(OwnChief, id, act, true).await;
            let state = State::Expired;
            assert!(
                matches!(refused, Err(EmergencyError::Refused { state: s, .. }) if s == state),
                "{act}: {refused:?}"
            );
        }
        assert_eq!(
            emergency::expire(&night.hall.db, night.hall.now)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            emergency::expire(&night.hall.db, night.hall.now)
                .await
                .unwrap(),
            0
        );
        assert_eq!(night.state(id).await, State::Expired);
    }
);
