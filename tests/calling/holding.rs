//! Everything is held: who has an emergency open is woken, who can lift it is told, once.

use std::collections::BTreeSet;

use entity::{call, calling as rows, delivery_gate};
use kairan::calling::{self, Calling, Cause, Ended, Kind, Side};
use kairan::clock::Instant;
use kairan::emergency;
use kairan::emergency::moves::Act;
use kairan::ids::{EmergencyId, PersonId};
use kairan::policy::Channel::{Mail, Push, Sms, Voice};
use kairan::staff::people::PostKind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Ring, Who, all_of};
use crate::on_both;

impl Ring {
    async fn hold_is(&self, since: Option<Instant>) {
        use delivery_gate::Column;
        delivery_gate::Entity::update_many()
            .col_expr(Column::HeldSince, Expr::value(since))
            .col_expr(
                Column::HoldReason,
                Expr::value(since.map(|_| "unauthorised")),
            )
            .col_expr(Column::ToldAt, Expr::value(None::<Instant>))
            .exec(self.night.hall.db.conn())
            .await
            .unwrap();
    }

    async fn tells(&self) -> bool {
        emergency::tell_of_hold(&self.night.hall.db, self.now(), self.night.terms())
            .await
            .unwrap()
    }

    async fn lifts(&self) {
        self.hold_is(None).await;
        let tx = self.night.hall.db.db.begin().await.unwrap();
        emergency::hold_was_lifted(&tx, self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn for_hold(&self, id: EmergencyId) -> Vec<Calling> {
        let mut all = calling::history(&self.night.hall.db, id.0).await.unwrap();
        all.retain(|calling| calling.cause == Some(Cause::Hold));
        all
    }

    async fn administrators(&self) -> BTreeSet<PersonId> {
        let (roster, day) = (self.night.hall.roster().await, self.night.hall.today());
        let posts = roster.posts.values();
        let posts = posts.filter(|post| post.kind == PostKind::Administrator);
        let people = posts.flat_map(|post| roster.holders(post.id, day));
        people.map(|person| person.id).collect()
    }

    /// Whom notices of a hold were for, each.
    async fn notices(&self) -> Vec<BTreeSet<PersonId>> {
        let conn = self.night.hall.db.conn();
        let of_hold = rows::Entity::find()
            .filter(rows::Column::Kind.eq("notice"))
            .filter(rows::Column::Cause.eq("hold"));
        let mut people = Vec::new();
        for row in of_hold.all(conn).await.unwrap() {
            let calls = call::Entity::find().filter(call::Column::CallingId.eq(row.id));
            let calls = calls.all(conn).await.unwrap();
            people.push(calls.iter().map(|c| PersonId(c.person_id)).collect());
        }
        people
    }
}

on_both!(
    a_hold_wakes_both_sides_of_what_is_on_its_way,
    |ring: Ring| {
        let id = ring.night.sent().await;
        ring.steps().await;
        ring.called();
        ring.hold_is(Some(ring.now())).await;
        // However many replicas look, however often.
        let looked = tokio::join!(ring.tells(), ring.tells(), ring.tells());
        let told = [looked.0, looked.1, looked.2];
        assert_eq!(told.iter().filter(|told| **told).count(), 1, "{told:?}");
        assert!(!ring.tells().await);

        let called = ring.for_hold(id).await;
        let sides: BTreeSet<Side> = called.iter().filter_map(|c| c.side).collect();
        assert_eq!((called.len(), sides), (2, Side::BOTH.into()));
        let mut of_notice = ring.administrators().await;
        of_notice.insert(ring.person(Who::PrChief));
        assert_eq!(ring.notices().await, [of_notice]);
        ring.steps().await;
        let subjects: BTreeSet<String> =
            ring.mail.letters().into_iter().map(|l| l.subject).collect();
        assert_eq!(
            subjects,
            [
                "すべての配信が止まり、緊急配信も出ません 第1号",
                "すべての配信が止まりました"
            ]
            .map(String::from)
            .into()
        );
        ring.called();
        ring.later(60);
        ring.steps().await;
        let loudly: BTreeSet<_> = [(Who::OwnChief, Voice), (Who::PrChief, Voice)].into();
        assert_eq!(ring.called(), loudly);

        // Once it is lifted, everybody sleeps.
        ring.lifts().await;
        for calling in ring.for_hold(id).await {
            assert_eq!(calling.ended.unwrap().how, Ended::Over);
        }
        ring.later(600);
        ring.steps().await;
        assert_eq!(ring.called(), BTreeSet::new());
        // The next one is another one.
        ring.hold_is(Some(ring.now())).await;
        assert!(ring.tells().await);
        assert_eq!(ring.notices().await.len(), 2);
    }
);

on_both!(a_hold_of_nothing_urgent_rings_nobody, |ring: Ring| {
    let id = ring.night.ended("accepted").await;
    ring.steps().await;
    ring.called();
    ring.hold_is(Some(ring.now())).await;
    assert!(ring.tells().await);
    assert_eq!(ring.for_hold(id).await, []);
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::PrChief, &[Mail, Push, Sms]));
    ring.later(600);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());
});

on_both!(
    who_is_being_woken_already_goes_on_being_woken,
    |ring: Ring| {
        let id = ring.night.conferring().await;
        ring.hold_is(Some(ring.now())).await;
        assert!(ring.tells().await);
        let [held] = &ring.for_hold(id).await[..] else {
            panic!("the other side alone")
        };
        assert_eq!(held.side, Some(Side::Sends));
        ring.lifts().await;
        let all = calling::history(&ring.night.hall.db, id.0).await.unwrap();
        let running: Vec<_> = all.iter().filter(|c| c.ended.is_none()).collect();
        let [asked] = &running[..] else {
            panic!("{running:?}")
        };
        assert_eq!(
            (asked.kind, asked.side, asked.cause),
            (Kind::Emergency, Some(Side::Concurs), None)
        );
        ring.night.done(Who::PrChief, id, Act::Concur).await;
    }
);
