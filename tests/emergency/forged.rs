//! Signatures that somebody wrote into the database: its own rules find nothing amiss, and still nothing goes out.

use entity::ceremony::{Column, Entity, Model};
use entity::{emergency_agreement, passkey};
use kairan::emergency::agreement::AGREE;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, EmergencyError};
use kairan::ids::EmergencyId;
use kairan::staff::account;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Value};
use uuid::Uuid;

use super::database::EVENT;
use super::{FIRST, Night, Who};
use crate::on_both;

/// Where the parts of a forged confirmation come from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Forgery {
    /// Nothing was ever asked or signed.
    MadeUp,
    /// It was asked for, and never answered; the answer is of another confirmation.
    Unanswered,
    /// The same person confirmed something else.
    OtherAct,
    /// The same act on something else.
    OtherDigest,
    /// The very same was confirmed: a second row of it, to be counted once more.
    Again,
    /// Somebody else confirmed the very same, and their passkey was put into the person's name, too.
    OtherPerson,
}

const ALL: [Forgery; 6] = [
    Forgery::MadeUp,
    Forgery::Unanswered,
    Forgery::OtherAct,
    Forgery::OtherDigest,
    Forgery::Again,
    Forgery::OtherPerson,
];

const UNSIGNED: &str =
    r#"{"credentialId":"AA","clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}"#;

impl Night {
    async fn ceremony(&self, name: &str) -> Model {
        let row = Entity::find_by_id(name).one(self.hall.db.conn()).await;
        row.unwrap().unwrap()
    }

    /// Writes that `who` confirmed this; gives under which name.
    async fn forges(&self, who: Who, act: &'static str, digest: &str, how: Forgery) -> String {
        let conn = self.hall.db.conn();
        let act_of = |who: Who, act: &'static str, digest: &str| account::Act {
            person: self.people[&who],
            act,
            digest: digest.to_owned(),
        };
        let other = match how {
            Forgery::MadeUp | Forgery::Again => act_of(who, act, digest),
            Forgery::Unanswered | Forgery::OtherAct => act_of(who, "emergency.withdraw", digest),
            Forgery::OtherDigest => act_of(who, act, &"ab".repeat(32)),
            Forgery::OtherPerson => act_of(Who::Drafter, act, digest),
        };
        let other = self.confirms(other.person, other).await;
        let other = self.ceremony(other.evidence()).await;
        let name = match how {
            Forgery::Unanswered => {
                let asked = act_of(who, act, digest);
                self.accounts.issue(self.hall.now, &asked).await.unwrap();
                let asked = Entity::find()
                    .filter(Column::Act.eq(act))
                    .filter(Column::Digest.eq(digest))
                    .filter(Column::Evidence.is_null());
                asked.one(conn).await.unwrap().unwrap().token_hash
            }
            _ => {
                let row = Model {
                    token_hash: format!("{:0>64}", Uuid::new_v4().simple()),
                    person_id: Some(self.people[&who].0),
                    act: Some(act.to_owned()),
                    digest: Some(digest.to_owned()),
                    state: match how {
                        Forgery::MadeUp => "r.bm90IHNlYWxlZA".to_owned(),
                        _ => other.state.clone(),
                    },
                    consumed_at: None,
                    evidence: None,
                    ..other.clone()
                };
                let name = row.token_hash.clone();
                let asked = Entity::insert(row.into_active_model());
                asked.exec_without_returning(conn).await.unwrap();
                name
            }
        };
        let answer = match how {
            Forgery::MadeUp => Some(UNSIGNED.to_owned()),
            _ => other.evidence,
        };
        let answered = Entity::update_many()
            .col_expr(Column::ConsumedAt, Expr::value(self.hall.now))
            .col_expr(Column::Evidence, Expr::value(answer))
            .filter(Column::TokenHash.eq(name.as_str()));
        answered.exec(conn).await.unwrap();
        if how == Forgery::OtherPerson {
            let theirs = passkey::Entity::update_many()
                .col_expr(passkey::Column::PersonId, Expr::value(self.people[&who].0))
                .filter(passkey::Column::PersonId.eq(self.people[&Who::Drafter].0));
            theirs.exec(conn).await.unwrap();
        }
        name
    }

    /// The same, in the history of an emergency.
    async fn forges_in(&self, id: EmergencyId, act: Act, how: Forgery) {
        let (found, person) = (self.find(id).await, self.people[&Who::PrChief]);
        let asked = emergency::confirmation(&self.hall.db, self.hall.now, &found, act, person);
        let asked = asked.await.unwrap().unwrap();
        let name = self
            .forges(Who::PrChief, asked.act, &asked.digest, how)
            .await;
        let to = found.head.state.after(act).unwrap();
        let event = vec![
            act.code().into(),
            to.code().into(),
            self.person(Who::PrChief),
            asked.digest.into(),
            name.into(),
            id.0.into(),
        ];
        self.writes(EVENT, event).await;
    }

    async fn writes(&self, sql: &str, values: Vec<Value>) {
        let conn = self.hall.db.conn();
        self.run(conn, sql, values).await.unwrap();
    }

    async fn dispatches(&self) -> u64 {
        let all = entity::dispatch::Entity::find();
        all.count(self.hall.db.conn()).await.unwrap()
    }
}

on_both!(a_forged_agreement_sends_nothing, |night: Night| {
    for how in ALL {
        let id = night.conferring().await;
        night.forges_in(id, Act::Concur, how).await;
        // By the very passkey that would count.
        let agreed =
            "UPDATE emergency SET state = 'concurred', concurred_by = ?, concurred_at = moved_at,
            concurred_with = (SELECT id FROM passkey WHERE person_id = ? LIMIT 1) WHERE id = ?";
        let chief = || night.person(Who::PrChief);
        night
            .writes(agreed, vec![chief(), chief(), id.0.into()])
            .await;
        assert_eq!(night.state(id).await, State::Concurred, "{how:?}");
        let refused = night.tries(Who::OwnChief, id, Act::Send, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Unproven)),
            "{how:?}: {refused:?}"
        );
        assert_eq!(night.dispatches().await, 0, "{how:?}");
    }
});

on_both!(a_forged_agreement_lets_nothing_go_on, |night: Night| {
    for how in ALL {
        let id = night.sent().await;
        night.done(Who::Duty, id, Act::Stop).await;
        night.forges_in(id, Act::ConcurResume, how).await;
        let refused = night.tries(Who::OwnChief, id, Act::Resume, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Unproven)),
            "{how:?}: {refused:?}"
        );
        assert_eq!(night.state(id).await, State::Halted);
    }
});

on_both!(a_forged_agreement_leaves_nothing_at_that, |night: Night| {
    for how in ALL {
        let id = night.ended("unknown").await;
        night.forges_in(id, Act::ConcurAccept, how).await;
        let confirmed = night.confirmed(Who::OwnChief, id, Act::Accept).await;
        let by = night.signed(Who::OwnChief).await;
        let (now, terms) = (night.hall.now, night.terms());
        let refused = night
            .does(async |tx| {
                emergency::accept(tx, now, terms, &by, id, "電話で確かめた", Some(confirmed)).await
            })
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::Unproven)),
            "{how:?}: {refused:?}"
        );
        assert_eq!(night.state(id).await, State::Attention);
    }
});

on_both!(
    a_forged_agreement_of_the_year_corrects_nothing,
    |night: Night| {
        let wrong = night.ended("accepted").await;
        assert_eq!(night.dispatches().await, 1);
        for how in ALL {
            let promise = night.promise();
            let digest = promise.digest().unwrap().as_str().to_owned();
            // One side's is real.
            let sending = promise.confirmation(night.people[&Who::OwnChief]).unwrap();
            let sending = night.confirms(sending.person, sending).await;
            let name = night.forges(Who::PrChief, AGREE, &digest, how).await;
            let row = emergency_agreement::Model {
                id: Uuid::new_v4(),
                section_id: promise.section.0,
                from_day: promise.from,
                until_day: promise.until,
                digest,
                concurring_by: Some(night.people[&Who::PrChief].0),
                concurring_at: Some(night.hall.now),
                concurring_evidence: Some(name),
                sending_by: Some(night.people[&Who::OwnChief].0),
                sending_at: Some(night.hall.now),
                sending_evidence: Some(sending.evidence().to_owned()),
                ended_by: None,
                ended_at: None,
                made_at: night.hall.now,
            };
            let agreement = row.id;
            emergency_agreement::Entity::insert(row.into_active_model())
                .exec_without_returning(night.hall.db.conn())
                .await
                .unwrap();
            let child = night
                .corrects(Who::OwnChief, wrong, "FIX-FALSE")
                .await
                .unwrap();
            night.done(Who::OwnChief, child, Act::Submit).await;
            let refused = night
                .tries(Who::OwnChief, child, Act::SendCorrection, true)
                .await;
            assert!(
                matches!(refused, Err(EmergencyError::Unproven)),
                "{how:?}: {refused:?}"
            );
            assert_eq!(night.dispatches().await, 1, "{how:?}");
            let end =
                "UPDATE emergency_agreement SET ended_by = ?, ended_at = made_at WHERE id = ?";
            let values = vec![night.person(Who::OwnChief), agreement.into()];
            night.writes(end, values).await;
        }
    }
);

on_both!(who_was_locked_since_lets_nothing_go_on, |night: Night| {
    let id = night.sent().await;
    night.done(Who::Duty, id, Act::Stop).await;
    night.done(Who::PrChief, id, Act::ConcurResume).await;
    let tx = night.hall.db.db.begin().await.unwrap();
    account::lock(&tx, night.hall.now, night.people[&Who::PrChief])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = night.tries(Who::OwnChief, id, Act::Resume, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Void(emergency::Void::Person))),
        "{refused:?}"
    );
});

on_both!(it_is_lent_only_while_it_is_on_its_way, |night: Night| {
    let lend = "UPDATE envelope SET state = 'lent', fence = fence + 1, attempts = attempts + 1,
        first_attempt_at = (SELECT opened_at FROM dispatch WHERE id = dispatch_id) WHERE dispatch_id = ?";
    let lent = async |id| {
        let tx = night.hall.db.db.begin().await.unwrap();
        let dispatch = night.dispatch(id).await.0.into();
        let lent = night.run(tx.conn(), lend, vec![dispatch]).await.unwrap();
        lent.rows_affected()
    };
    let id = night.sent().await;
    assert_eq!(lent(id).await, 1);
    // Stopped past the product, too.
    let halt = "UPDATE emergency SET state = 'halted' WHERE id = ?";
    night.writes(halt, vec![id.0.into()]).await;
    assert_eq!(lent(id).await, 0);
    let refused = night.sent().await;
    night.is_refused(refused).await;
    assert_eq!(lent(refused).await, 0);
    night.done(Who::OwnChief, refused, Act::Retry).await;
    assert_eq!(lent(refused).await, 1);
    assert_eq!(night.find(refused).await.head.people, Some(FIRST));
});
