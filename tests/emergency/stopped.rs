//! What was taken from either chief, even for a moment, voids what they agreed to: whether or not anybody looked
//! meanwhile.

use kairan::audit::Actor;
use kairan::db::Tx;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{EmergencyError, Void};
use kairan::ids::{EmergencyId, PersonId};
use kairan::staff::account::{self, lock, revoke_passkey, unlock};
use kairan::staff::people::{End, Term, end_holding};

use super::{Night, Who};
use crate::on_both;

impl Night {
    async fn administrates(&self, deed: impl AsyncFnOnce(&Tx)) {
        let tx = self.hall.db.db.begin().await.unwrap();
        deed(&tx).await;
        tx.commit().await.unwrap();
    }

    async fn locks_for_a_moment(&mut self, person: PersonId) {
        self.later(1);
        let now = self.hall.now;
        self.administrates(async |tx| lock(tx, now, person).await.unwrap())
            .await;
        self.administrates(async |tx| unlock(tx, now, person).await.unwrap())
            .await;
    }

    /// Another passkey, that counts at once: two administrators saw it being enrolled.
    async fn enrols_anew(&mut self, person: PersonId) {
        let phone = self.enrol(person).await;
        self.phones.insert(person, phone.into());
        let keys = self.accounts.passkeys(person).await.unwrap();
        let now = self.hall.now;
        self.administrates(async |tx| {
            account::settle_passkey(tx, now, person, keys[0].id)
                .await
                .unwrap();
        })
        .await;
    }

    /// Ended and given again, as it was.
    async fn loses_and_regains(&mut self, who: Who) {
        self.later(1);
        let (now, person) = (self.hall.now, self.people[&who]);
        let roster = self.hall.roster().await;
        let mut held = roster.holdings.iter();
        let held = held.find(|held| held.person == person).unwrap();
        self.administrates(async |tx| {
            end_holding(tx, now, &Actor::Operator, held.id, End::AtOnce)
                .await
                .unwrap();
        })
        .await;
        let term = Term::since(self.hall.today());
        self.hall.granted(held.post, person, term).await;
    }

    /// Conferred on anew after a word was changed, it goes out.
    async fn goes_on(&self, id: EmergencyId) {
        self.done(Who::Drafter, id, Act::Edit).await;
        self.done(Who::OwnChief, id, Act::Submit).await;
        self.done(Who::PrChief, id, Act::Concur).await;
        self.done(Who::OwnChief, id, Act::Send).await;
        assert_eq!(self.state(id).await, State::Dispatching);
    }
}

on_both!(
    locked_and_unlocked_before_anybody_looked_is_void,
    |night: Night| {
        let id = night.concurred().await;
        let person = night.people[&Who::PrChief];
        night.locks_for_a_moment(person).await;
        night.falls(id, Void::Person).await;
        // They agree once more, and it stands.
        night.done(Who::PrChief, id, Act::Concur).await;
        night.done(Who::OwnChief, id, Act::Send).await;
    }
);

on_both!(
    a_passkey_removed_is_void_though_another_was_enrolled,
    |night: Night| {
        let id = night.concurred().await;
        night.later(1);
        let person = night.people[&Who::PrChief];
        let key = night.accounts.passkeys(person).await.unwrap()[0].id;
        let now = night.hall.now;
        night
            .administrates(async |tx| {
                assert!(revoke_passkey(tx, now, person, key).await.is_ok());
            })
            .await;
        night.enrols_anew(person).await;
        night.falls(id, Void::Person).await;
        night.done(Who::PrChief, id, Act::Concur).await;
    }
);

on_both!(a_reset_is_void_though_they_came_in_again, |night: Night| {
    let id = night.concurred().await;
    night.later(1);
    let (now, person) = (night.hall.now, night.people[&Who::PrChief]);
    night
        .administrates(async |tx| account::reset(tx, now, person).await.unwrap())
        .await;
    night.enrols_anew(person).await;
    night.falls(id, Void::Person).await;
});

on_both!(a_post_ended_and_given_again_is_void, |night: Night| {
    let id = night.concurred().await;
    night.loses_and_regains(Who::PrChief).await;
    night.falls(id, Void::Person).await;
    // Given after it was handed in: it counts for what is handed in from now on.
    let refused = night.tries(Who::PrChief, id, Act::Concur, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::NotTheirs(Act::Concur))),
        "{refused:?}"
    );
    night.later(1);
    night.goes_on(id).await;
});

on_both!(who_handed_it_in_is_one_of_the_two, |night: Night| {
    let id = night.concurred().await;
    let person = night.people[&Who::OwnChief];
    night.locks_for_a_moment(person).await;
    night.falls(id, Void::Submitter).await;
    // Nor can anybody agree to it before it is handed in anew.
    let refused = night.tries(Who::PrChief, id, Act::Concur, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Void(Void::Submitter))),
        "{refused:?}"
    );
    night.goes_on(id).await;
});
