//! Agreed to by somebody else, exactly, and void as soon as anything of it changes.

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::template::Library;
use kairan::emergency::{self, EmergencyError, Void};
use kairan::staff::account::{self, lock, revoke_passkey};
use kairan::staff::people::{End, Term, end_deputy, end_holding};

use super::{Night, Who};
use crate::on_both;
use crate::staff::deputy;

on_both!(nobody_agrees_to_what_they_wrote_on, |night: Night| {
    // The deputy of the other side worked in this section until yesterday, and is of its staff still.
    night
        .hall
        .granted(
            night.hall.childcare_staff,
            night.people[&Who::PrDeputy],
            Term::since(night.hall.today()),
        )
        .await;
    night.later(1);
    let id = night.drafted().await;
    night.done(Who::PrDeputy, id, Act::Edit).await;
    night.done(Who::Drafter, id, Act::Edit).await;
    night.done(Who::OwnChief, id, Act::Submit).await;
    night.later(4);
    let refused = night.tries(Who::PrDeputy, id, Act::Concur, true).await;
    assert!(matches!(refused, Err(EmergencyError::Own)), "{refused:?}");
    assert!(
        !night
            .open_to(Who::PrDeputy, id)
            .await
            .contains_key(&Act::Concur)
    );
    night.done(Who::PrChief, id, Act::Concur).await;
});

on_both!(
    a_right_given_after_it_was_handed_in_does_not_count,
    |night: Night| {
        let id = night.conferring().await;
        night.hall.now += TimeDelta::seconds(1);
        let friend = night.hall.holder("2007", night.hall.pr_staff).await;
        let standing = Term::since(night.hall.today());
        night
            .hall
            .agreed(deputy(night.hall.pr_chief, friend, 2, standing))
            .await
            .unwrap();
        let phone = night.enrol(friend).await;
        night.phones.insert(friend, phone.into());
        settle_key(&night, friend).await;
        // From here on the friend is who acts as `PrDeputy`.
        let deputy = night.people.insert(Who::PrDeputy, friend).unwrap();
        night.later(10);
        let refused = night.tries(Who::PrDeputy, id, Act::Concur, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotTheirs(Act::Concur))),
            "{refused:?}"
        );
        // For the next one it does.
        let next = night.conferring().await;
        night.later(3);
        night.done(Who::PrDeputy, next, Act::Concur).await;
        night.people.insert(Who::PrDeputy, deputy);
        night.done(Who::PrDeputy, id, Act::Concur).await;
        assert!(!night.hall.record("staff.deputy_added").await.is_empty());
    }
);

/// Two administrators enrolled it in person.
async fn settle_key(night: &Night, person: kairan::ids::PersonId) {
    let keys = night.accounts.passkeys(person).await.unwrap();
    let tx = night.hall.db.db.begin().await.unwrap();
    account::settle_passkey(&tx, night.hall.now, person, keys[0].id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both!(
    a_confirmation_serves_what_it_was_asked_for,
    |night: Night| {
        let (id, other) = (night.conferring().await, night.conferring().await);
        let by = night.signed(Who::PrChief).await;
        let found = night.find(id).await;
        for (of, act) in [
            (other, Act::Concur),
            (id, Act::Send),
            (id, Act::SendCorrection),
        ] {
            let wrong = night.confirmed(Who::PrChief, of, act).await;
            let tx = night.hall.db.db.begin().await.unwrap();
            let refused = night
                .act_in(&tx, &by, &found, Act::Concur, Some(wrong))
                .await;
            assert!(
                matches!(refused, Err(EmergencyError::Unconfirmed)),
                "{act}: {refused:?}"
            );
        }
        // Somebody else's.
        let theirs = night.confirmed(Who::PrDeputy, id, Act::Concur).await;
        let tx = night.hall.db.db.begin().await.unwrap();
        let refused = night
            .act_in(&tx, &by, &found, Act::Concur, Some(theirs))
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::Unconfirmed)),
            "{refused:?}"
        );
        drop(tx);
        // One of two minutes ago.
        let old = night.confirmed(Who::PrChief, id, Act::Concur).await;
        night.hall.now += TimeDelta::seconds(121);
        let tx = night.hall.db.db.begin().await.unwrap();
        let refused = night.act_in(&tx, &by, &found, Act::Concur, Some(old)).await;
        assert!(
            matches!(refused, Err(EmergencyError::Unconfirmed)),
            "{refused:?}"
        );
        drop(tx);
        // One by a passkey of this evening.
        let person = night.people[&Who::PrChief];
        let phone = night.enrol(person).await;
        let settled = night.phones.insert(person, phone.into()).unwrap();
        let refused = night.tries(Who::PrChief, id, Act::Concur, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Unconfirmed)),
            "{refused:?}"
        );
        night.phones.insert(person, settled);
        night.done(Who::PrChief, id, Act::Concur).await;
    }
);

on_both!(an_edit_voids_the_agreement, |night: Night| {
    let id = night.concurred().await;
    let digest = night.find(id).await.head.digest;
    night.done(Who::Drafter, id, Act::Edit).await;
    let head = night.find(id).await.head;
    assert_eq!((head.state, head.version), (State::Draft, 2));
    assert_eq!((head.concurred, head.digest.clone()), (None, None));
    night.done(Who::OwnChief, id, Act::Submit).await;
    assert_ne!(night.find(id).await.head.digest, digest);
    let refused = night.tries(Who::OwnChief, id, Act::Send, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Refused { .. })),
        "{refused:?}"
    );
});

on_both!(
    what_was_asked_back_or_taken_back_is_agreed_to_anew,
    |night: Night| {
        let id = night.conferring().await;
        night.done(Who::PrChief, id, Act::Return).await;
        assert_eq!(night.state(id).await, State::Draft);
        let told = night.find(id).await.history.pop().unwrap();
        assert_eq!(told.reason.as_deref(), Some("時刻を直す"));
        night.done(Who::OwnChief, id, Act::Submit).await;
        night.done(Who::PrChief, id, Act::Concur).await;
        night.done(Who::PrChief, id, Act::Revoke).await;
        assert_eq!(
            (night.state(id).await, night.find(id).await.head.concurred),
            (State::Conferring, None)
        );
        // No words of people in the record.
        for entry in night.hall.record("emergency.").await {
            assert!(
                !entry.detail.to_string().contains("時刻"),
                "{}",
                entry.detail
            );
        }
    }
);

impl Night {
    /// What was agreed to falls: by asking, and by itself.
    pub async fn falls(&mut self, id: kairan::ids::EmergencyId, void: Void) {
        let refused = self.tries(Who::OwnChief, id, Act::Send, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Void(v)) if v == void),
            "{void}: {refused:?}"
        );
        let fell = emergency::void_stale(&self.hall.db, self.hall.now, self.terms())
            .await
            .unwrap();
        assert_eq!(fell, [(id, void)]);
        assert_eq!(self.state(id).await, State::Conferring);
        let told = self.find(id).await.history.pop().unwrap();
        assert_eq!((told.by, told.reason.as_deref()), (None, Some(void.code())));
    }
}

on_both!(it_falls_with_the_post_of_who_agreed, |night: Night| {
    let id = night.concurred().await;
    assert_eq!(
        emergency::void_stale(&night.hall.db, night.hall.now, night.terms())
            .await
            .unwrap(),
        []
    );
    let roster = night.hall.roster().await;
    let mut held = roster.holdings.iter();
    let held = held
        .find(|held| held.person == night.people[&Who::PrChief])
        .unwrap()
        .id;
    let tx = night.hall.db.db.begin().await.unwrap();
    end_holding(&tx, night.hall.now, &Actor::Operator, held, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    night.falls(id, Void::Person).await;
});

on_both!(
    it_falls_with_the_place_of_a_deputy_who_agreed,
    |night: Night| {
        let id = night.conferring().await;
        night.later(3);
        night.done(Who::PrDeputy, id, Act::Concur).await;
        let roster = night.hall.roster().await;
        let mut deputies = roster.deputies.iter();
        let place = deputies
            .find(|d| d.person == night.people[&Who::PrDeputy])
            .unwrap()
            .id;
        let tx = night.hall.db.db.begin().await.unwrap();
        end_deputy(&tx, night.hall.now, &Actor::Operator, place, End::AtOnce)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        night.falls(id, Void::Person).await;
    }
);

on_both!(
    it_falls_with_the_passkey_or_account_of_who_agreed,
    |night: Night| {
        let person = night.people[&Who::PrChief];
        let key = night.accounts.passkeys(person).await.unwrap()[0].id;
        let first = night.concurred().await;
        let tx = night.hall.db.db.begin().await.unwrap();
        lock(&tx, night.hall.now, person).await.unwrap();
        tx.commit().await.unwrap();
        night.falls(first, Void::Person).await;
        let tx = night.hall.db.db.begin().await.unwrap();
        account::unlock(&tx, night.hall.now, person).await.unwrap();
        tx.commit().await.unwrap();
        night.done(Who::OwnChief, first, Act::Withdraw).await;

        let second = night.concurred().await;
        let tx = night.hall.db.db.begin().await.unwrap();
        revoke_passkey(&tx, night.hall.now, person, key)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        night.falls(second, Void::Person).await;
    }
);

on_both!(
    it_falls_with_its_template_its_channel_and_the_database,
    |night: Night| {
        let id = night.concurred().await;
        let library = std::mem::take(&mut night.library);
        assert_eq!(night.library, Library::default());
        night.falls(id, Void::Template).await;
        // Nor is it agreed to then.
        let refused = night.tries(Who::PrChief, id, Act::Concur, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Void(Void::Template))),
            "{refused:?}"
        );
        night.library = library;
        night.done(Who::PrChief, id, Act::Concur).await;
        let channel = night.profile.operator.account_id.replace("@another".into());
        night.falls(id, Void::Channel).await;
        night.profile.operator.account_id = channel;
        night.done(Who::PrChief, id, Act::Concur).await;
        night.later(1);
        night.is_restored().await;
        night.falls(id, Void::Restored).await;
        let next = night.drafted().await;
        night.later(1);
        night.done(Who::OwnChief, next, Act::Submit).await;
        night.done(Who::PrChief, next, Act::Concur).await;
    }
);

on_both!(
    it_goes_to_about_as_many_as_were_agreed_to,
    |night: Night| {
        let id = night.concurred().await;
        night.leave(1).await;
        night
            .tries(Who::OwnChief, id, Act::Send, false)
            .await
            .unwrap();
        night.leave(2).await;
        let refused = night.tries(Who::OwnChief, id, Act::Send, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Drifted { agreed: 10, now: 8 })),
            "{refused:?}"
        );
        // What was agreed to is void: it is never sent to so many others, whoever looks first.
        let (now, terms) = (night.hall.now, night.terms());
        let void = Void::Audience { agreed: 10, now: 8 };
        let looked = tokio::join!(
            emergency::void_fallen(&night.hall.db, now, terms, id),
            emergency::void_stale(&night.hall.db, now, terms),
        );
        let fell = looked.0.unwrap().into_iter();
        let fell: Vec<_> = fell
            .chain(looked.1.unwrap().into_iter().map(|(_, void)| void))
            .collect();
        assert_eq!(fell, [void], "once");
        let found = night.find(id).await;
        assert_eq!(found.head.state, State::Conferring);
        assert_eq!((found.head.concurred, found.head.dispatch), (None, None));
        let told = found.history.last().unwrap();
        let reason = told.reason.as_deref();
        assert_eq!((told.by, reason), (None, Some("audience 10 8")));
        assert_eq!(Void::of_reason("audience 10 8"), Some(void));
        let record = night.hall.record("emergency.voided").await;
        assert_eq!(record[0].detail["void"], "audience 10 8");
        let refused = night.tries(Who::PrChief, id, Act::Concur, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Drifted { agreed: 10, now: 8 })),
            "{refused:?}"
        );
        // The chiefs see the new number when it is handed in anew.
        night.done(Who::Drafter, id, Act::Edit).await;
        night.done(Who::OwnChief, id, Act::Submit).await;
        assert_eq!(night.find(id).await.issue.unwrap().people, 8);
    }
);

on_both!(
    a_chief_whose_password_is_locked_still_agrees_and_sends,
    |night: Night| {
        use entity::account::{ActiveModel, Entity};
        use sea_orm::{EntityTrait, Set};
        for who in [Who::PrChief, Who::OwnChief] {
            // Ten wrong tries, by whoever wants to keep them away.
            let row = ActiveModel {
                person_id: Set(night.people[&who].0),
                failures: Set(10),
                created_at: Set(night.hall.now),
                ..Default::default()
            };
            let locked = Entity::insert(row).exec_without_returning(night.hall.db.conn());
            locked.await.unwrap();
        }
        let id = night.sent().await;
        assert_eq!(night.state(id).await, State::Dispatching);
    }
);
