//! Calls that fail, and channels that are not there: the ladder goes on.

use std::collections::BTreeSet;

use kairan::calling::{Failure, Side, Spared, Standing};
use kairan::emergency::moves::{Act, State};
use kairan::emergency::report::{Deviation, report};
use kairan::policy::Channel::{self, Mail, Push, Sms, Voice};
use kairan::staff::contact;

use super::servers::distinct;
use super::{Ring, Who, all_of};
use crate::on_both;

impl Ring {
    /// Where the first call over a channel stands.
    async fn first(&self, id: kairan::ids::CallingId, channel: Channel) -> (Standing, u32) {
        let calling = self.calling(id).await;
        let mut calls = calling.calls.iter();
        let call = calls.find(|call| call.channel == Some(channel)).unwrap();
        (call.state, call.attempts)
    }

    /// They have no way left.
    async fn disappears(&self, who: Who) {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let (db, person) = (&self.night.hall.db, self.person(who));
        let tx = db.db.begin().await.unwrap();
        contact::forget(&tx, person).await.unwrap();
        tx.commit().await.unwrap();
        entity::person::Entity::update_many()
            .col_expr(
                entity::person::Column::Mail,
                sea_orm::sea_query::Expr::value(None::<String>),
            )
            .filter(entity::person::Column::Id.eq(person.0))
            .exec(db.conn())
            .await
            .unwrap();
    }
}

on_both!(
    who_cannot_be_reached_gives_their_turn_to_the_next_at_once,
    |ring: Ring| {
        ring.disappears(Who::PrChief).await;
        let id = ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        let all = [Mail, Push, Sms, Voice];
        assert_eq!(ring.called(), all_of(Who::PrDeputy, &all), "at once");
        assert_eq!(
            ring.first(id, Mail).await,
            (Standing::Failed(Failure::NoAddress), 1)
        );
        // The others wait for their time: the first deputy was reached.
        ring.later(299);
        ring.steps().await;
        assert_eq!(ring.called(), BTreeSet::new());
        ring.later(1);
        ring.steps().await;
        assert_eq!(ring.called(), all_of(Who::PrStaff, &all));
    }
);

on_both!(without_a_channel_the_others_still_ring, |ring: Ring| {
    ring.senders.gateway = None;
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::PrChief, &[Mail, Push]));
    assert_eq!(
        ring.first(id, Sms).await,
        (Standing::Failed(Failure::NoChannel), 1)
    );
    // Nobody rings by voice, but the chief has a mail: deputies sleep on until they may act.
    ring.later(179);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());
    ring.later(1);
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::PrDeputy, &[Mail, Push]));
});

on_both!(
    nobody_can_be_reached_and_the_emergency_goes_on,
    |ring: Ring| {
        ring.senders.gateway = None;
        ring.senders.mail = None;
        ring.senders.push = None;
        let id = ring.night.conferring().await;
        ring.steps().await;
        assert_eq!(ring.called(), BTreeSet::new());
        let calling = ring.newest(id).await;
        let failed =
            |call: &kairan::calling::Call| call.state == Standing::Failed(Failure::NoChannel);
        assert!(calling.calls.iter().all(failed), "all of it at once");
        assert!(!calling.reached_out() && calling.ended.is_none());
        // Somebody went and knocked.
        ring.night.done(Who::PrChief, id, Act::Concur).await;
        ring.night.done(Who::OwnChief, id, Act::Send).await;
        assert_eq!(ring.night.state(id).await, State::Dispatching);
        let report = report(&ring.night.hall.db, ring.now(), id)
            .await
            .unwrap()
            .unwrap();
        let side = Side::Concurs;
        let missed = Deviation::Unanswered {
            side,
            reached: false,
        };
        assert!(
            report.deviations.contains(&missed),
            "{:?}",
            report.deviations
        );
    }
);

on_both!(
    what_fails_for_the_moment_is_tried_again_under_the_same_id,
    |ring: Ring| {
        ring.gateway.answers([503, 429]);
        let id = ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        assert_eq!(ring.first(id, Sms).await, (Standing::Due, 1));
        ring.later(4);
        assert_eq!(ring.steps().await, 0, "not yet");
        ring.later(1);
        ring.steps().await;
        assert_eq!(ring.first(id, Sms).await, (Standing::Due, 2));
        ring.later(20);
        ring.steps().await;
        let (state, tries) = ring.first(id, Sms).await;
        assert_eq!((state, tries), (Standing::Made(ring.now()), 3));
        let requests = ring.gateway.requests();
        assert_eq!((requests.len(), distinct(&requests)), (3, 1));
        assert!(
            requests.iter().all(|r| r.body == requests[0].body),
            "the link is the same"
        );
    }
);

on_both!(
    what_never_answers_is_given_up_and_what_refuses_is_not_tried_again,
    |ring: Ring| {
        ring.gateway.always(500);
        let id = ring.calls_out(Side::Concurs).await;
        for _ in 0..40 {
            ring.steps().await;
            ring.later(1);
        }
        assert_eq!(
            ring.first(id, Sms).await,
            (Standing::Failed(Failure::Unreachable), 3)
        );
        assert_eq!(ring.gateway.requests().len(), 3);

        ring.gateway.always(400);
        let id = ring.calls_out(Side::Sends).await;
        ring.steps().await;
        assert_eq!(
            ring.first(id, Sms).await,
            (Standing::Failed(Failure::Refused), 1)
        );
        ring.gateway.always(409);
        let id = ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        let known = ring.first(id, Sms).await;
        assert_eq!(
            known,
            (Standing::Made(ring.now()), 1),
            "it was taken before"
        );
    }
);

on_both!(a_mail_server_refuses_for_good_or_for_now, |ring: Ring| {
    ring.mail.refuses("550 no such mailbox");
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    assert_eq!(
        ring.first(id, Mail).await,
        (Standing::Failed(Failure::Refused), 1)
    );
    ring.mail.refuses("451 come back later");
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    assert_eq!(ring.first(id, Mail).await, (Standing::Due, 1));
    ring.later(5);
    ring.steps().await;
    assert_eq!(ring.first(id, Mail).await, (Standing::Made(ring.now()), 2));
});

on_both!(a_device_that_is_gone_is_not_called_again, |ring: Ring| {
    ring.push.answers([410]);
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    assert_eq!(
        ring.first(id, Push).await,
        (Standing::Failed(Failure::Gone), 1)
    );
    let chief = ring.person(Who::PrChief);
    let devices = contact::devices(&ring.night.hall.db, chief).await.unwrap();
    assert_eq!(devices[0].failed_at, Some(ring.now()));
    ring.push.requests();
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    assert_eq!(ring.push.requests().len(), 0);
    assert_eq!(
        ring.first(id, Push).await,
        (Standing::Failed(Failure::NoAddress), 1)
    );
});

on_both!(
    what_is_tried_again_stops_when_somebody_answers,
    |ring: Ring| {
        ring.push.always(503);
        let id = ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        assert_eq!(ring.first(id, Push).await, (Standing::Due, 1));
        let link = ring.link();
        ring.answers(&link).await.unwrap();
        assert_eq!(
            ring.first(id, Push).await,
            (Standing::Spared(Spared::Ended), 1)
        );
        ring.push.requests();
        ring.later(60);
        assert_eq!(ring.steps().await, 0);
        assert_eq!(ring.push.requests().len(), 0);
    }
);

on_both!(nobody_is_woken_for_what_is_long_over, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    // Nothing ran for eleven minutes: what was due ten minutes ago and more is not made any more.
    ring.later(11 * 60);
    ring.steps().await;
    let all = [Mail, Push, Sms, Voice];
    assert_eq!(
        ring.called(),
        [Who::PrDeputy, Who::PrStaff, Who::Duty]
            .into_iter()
            .flat_map(|who| all_of(who, &all))
            .chain(all_of(Who::PrChief, &[Voice]))
            .collect()
    );
    assert_eq!(ring.first(id, Mail).await.0, Standing::Spared(Spared::Late));

    let id = ring.calls_out(Side::Sends).await;
    ring.later(30 * 60);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());
    let calling = ring.calling(id).await;
    let late = |call: &kairan::calling::Call| call.state == Standing::Spared(Spared::Late);
    assert!(calling.calls.iter().all(late));
});
