//! Corrections reach exactly those that the mistake reached.

use entity::envelope;
use kairan::delivery;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, Audience, EmergencyError};
use kairan::ids::EmergencyId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Night, Who, false_alarm, water};
use crate::on_both;

impl Night {
    pub async fn corrects(
        &self,
        who: Who,
        wrong: EmergencyId,
        code: &str,
    ) -> Result<EmergencyId, EmergencyError> {
        let (now, terms, by) = (self.hall.now, self.terms(), self.signed(who).await);
        let filled = match code {
            "WATER" => water().filled,
            _ => false_alarm(),
        };
        self.does(async |tx| emergency::correct(tx, now, terms, &by, wrong, code, &filled).await)
            .await
    }

    /// More people in the first area than one envelope holds; LINE took the first envelope, then it was stopped.
    async fn half_sent(&self) -> EmergencyId {
        self.crowds(600).await;
        let id = self.sent().await;
        let of_it = envelope::Column::DispatchId.eq(self.dispatch(id).await.0);
        let first = envelope::Entity::find()
            .filter(of_it)
            .order_by_asc(envelope::Column::Id);
        let first = first.one(self.hall.db.conn()).await.unwrap().unwrap();
        envelope::Entity::update_many()
            .col_expr(envelope::Column::State, Expr::value("accepted"))
            .col_expr(envelope::Column::EndedAt, Expr::value(self.hall.now))
            .filter(envelope::Column::Id.eq(first.id))
            .exec(self.hall.db.conn())
            .await
            .unwrap();
        self.done(Who::PrStaff, id, Act::Stop).await;
        id
    }

    async fn reached(&self, id: EmergencyId) -> Vec<i64> {
        delivery::reached(&self.hall.db, self.dispatch(id).await)
            .await
            .unwrap()
    }
}

on_both!(
    a_correction_goes_to_whom_the_mistake_reached,
    |night: Night| {
        let wrong = night.half_sent().await;
        let told = night.reached(wrong).await;
        assert_eq!(told.len(), 500);
        let child = night.corrects(Who::Drafter, wrong, "WATER").await.unwrap();
        let found = night.find(child).await;
        assert_eq!(
            (found.head.corrects, found.head.section),
            (Some(wrong), night.hall.childcare)
        );
        let both = emergency::corrections(&night.hall.db, wrong).await.unwrap();
        assert_eq!(both.iter().map(|head| head.id).collect::<Vec<_>>(), [child]);
        assert_eq!(
            night.find(wrong).await.history.pop().unwrap().act,
            Some(Act::Correct)
        );
        // In free words it takes both, like any other, in working hours too.
        night.later(11 * 60);
        night.done(Who::OwnChief, child, Act::Submit).await;
        assert_eq!(night.find(child).await.issue.unwrap().people, 500);
        night.done(Who::PrChief, child, Act::Concur).await;
        night.done(Who::OwnChief, child, Act::Send).await;
        night.envelopes_end(child, "accepted").await;
        assert_eq!(night.reached(child).await, told);
        // What was wrong goes no further.
        let refused = night
            .tries(Who::PrChief, wrong, Act::ConcurResume, true)
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::Corrected)),
            "{refused:?}"
        );
    }
);

on_both!(what_was_reported_is_corrected_days_later, |night: Night| {
    let wrong = night.ended("accepted").await;
    let told = night.reached(wrong).await;
    night.done(Who::OwnChief, wrong, Act::File).await;
    night.done(Who::PrChief, wrong, Act::Confirm).await;
    night.later(3 * 24 * 60);
    let child = night
        .corrects(Who::OwnChief, wrong, "FIX-FALSE")
        .await
        .unwrap();
    assert_eq!(night.state(wrong).await, State::Closed);
    night.done(Who::OwnChief, child, Act::Submit).await;
    night.done(Who::PrChief, child, Act::Concur).await;
    night.done(Who::OwnChief, child, Act::Send).await;
    night.envelopes_end(child, "accepted").await;
    assert_eq!(night.reached(child).await, told);
});

on_both!(what_reached_nobody_needs_no_correction, |night: Night| {
    let id = night.sent().await;
    night.done(Who::Duty, id, Act::Stop).await;
    let child = night
        .corrects(Who::OwnChief, id, "FIX-FALSE")
        .await
        .unwrap();
    let refused = night.tries(Who::OwnChief, child, Act::Submit, true).await;
    assert!(
        matches!(refused, Err(EmergencyError::Nobody)),
        "{refused:?}"
    );
});

on_both!(
    only_what_went_out_is_corrected_and_a_correction_stays_one,
    |night: Night| {
        let waits = night.concurred().await;
        let refused = night.corrects(Who::OwnChief, waits, "FIX-FALSE").await;
        assert!(
            matches!(refused, Err(EmergencyError::Refused { .. })),
            "{refused:?}"
        );
        let wrong = night.ended("accepted").await;
        let child = night
            .corrects(Who::OwnChief, wrong, "FIX-FALSE")
            .await
            .unwrap();
        let found = night.find(child).await;
        let (now, terms, by) = (
            night.hall.now,
            night.terms(),
            night.signed(Who::OwnChief).await,
        );
        let mut everybody = found.written.clone();
        everybody.audience = Audience::WholeTown;
        let tx = night.hall.db.db.begin().await.unwrap();
        let refused = emergency::edit(&tx, now, terms, &by, child, 1, &everybody).await;
        assert!(
            matches!(refused, Err(EmergencyError::OtherCorrection)),
            "{refused:?}"
        );
        drop(tx);
        let mut stray = night.written();
        stray.audience = found.written.audience;
        let refused = night.drafts_as(Who::OwnChief, &stray).await;
        assert!(
            matches!(refused, Err(EmergencyError::OtherCorrection)),
            "{refused:?}"
        );
    }
);

on_both!(
    one_chief_alone_sends_prepared_words_while_both_have_signed,
    |night: Night| {
        let wrong = night.ended("accepted").await;
        let child = night
            .corrects(Who::PrChief, wrong, "FIX-FALSE")
            .await
            .unwrap();
        night.done(Who::PrChief, child, Act::Submit).await;
        let refused = night
            .tries(Who::PrChief, child, Act::SendCorrection, true)
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::NoAgreement)),
            "{refused:?}"
        );
        let agreement = night.agree().await;
        night.done(Who::PrChief, child, Act::SendCorrection).await;
        let head = night.find(child).await.head;
        assert_eq!(
            (head.state, head.agreement, head.concurred),
            (State::Dispatching, Some(agreement), None)
        );
        night.envelopes_end(child, "accepted").await;
        assert_eq!(night.reached(child).await, night.reached(wrong).await);
        // Free words take both all the same.
        let free = night.corrects(Who::OwnChief, wrong, "WATER").await.unwrap();
        night.done(Who::OwnChief, free, Act::Submit).await;
        let refused = night
            .tries(Who::OwnChief, free, Act::SendCorrection, true)
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::NoAgreement)),
            "{refused:?}"
        );
        // And so does everything where the policy does not let one alone.
        let other = night
            .corrects(Who::OwnChief, wrong, "FIX-FALSE")
            .await
            .unwrap();
        night.done(Who::OwnChief, other, Act::Submit).await;
        night.profile.emergency.as_mut().unwrap().canned_correction = false;
        let refused = night
            .tries(Who::OwnChief, other, Act::SendCorrection, true)
            .await;
        assert!(
            matches!(refused, Err(EmergencyError::NoAgreement)),
            "{refused:?}"
        );
    }
);
