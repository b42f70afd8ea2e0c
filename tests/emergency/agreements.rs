//! The year's agreement: both chiefs, in person, by passkey.

use chrono::Days;
use kairan::emergency::agreement::{self, Promise};
use kairan::emergency::{EmergencyError, EmergencyError::NoAgreement};
use kairan::ids::AgreementId;

use super::{Night, Who};
use crate::on_both;

impl Night {
    pub fn promise(&self) -> Promise {
        let from = self.hall.today();
        Promise {
            section: self.hall.childcare,
            from,
            until: from + Days::new(365),
        }
    }

    pub async fn signs(&self, who: Who, promise: Promise) -> Result<AgreementId, EmergencyError> {
        let person = self.people[&who];
        let confirmed = self
            .confirms(person, promise.confirmation(person).unwrap())
            .await;
        let (now, terms, by) = (self.hall.now, self.terms(), self.signed(who).await);
        self.does(async |tx| agreement::sign(tx, now, terms, &by, promise, confirmed).await)
            .await
    }

    /// Both chiefs sign for a year.
    pub async fn agree(&self) -> AgreementId {
        let first = self.signs(Who::PrChief, self.promise()).await.unwrap();
        assert_eq!(
            self.signs(Who::OwnChief, self.promise()).await.unwrap(),
            first
        );
        first
    }

    async fn in_force(&self) -> Option<AgreementId> {
        let (section, today) = (self.hall.childcare, self.hall.today());
        agreement::in_force(&self.hall.db, section, today)
            .await
            .unwrap()
    }
}

on_both!(
    it_holds_from_the_second_signature_for_a_year,
    |night: Night| {
        let promise = night.promise();
        let id = night.signs(Who::OwnChief, promise).await.unwrap();
        assert_eq!(night.in_force().await, None);
        let again = night.signs(Who::OwnChief, promise).await;
        assert!(matches!(again, Err(EmergencyError::Own)), "{again:?}");
        // Not by deputies, nor by anybody else.
        for who in [
            Who::PrDeputy,
            Who::PrStaff,
            Who::Administrator,
            Who::ThirdChief,
            Who::Duty,
        ] {
            let refused = night.signs(who, promise).await;
            assert!(matches!(refused, Err(NoAgreement)), "{who:?}: {refused:?}");
        }
        assert_eq!(night.signs(Who::PrChief, promise).await.unwrap(), id);
        assert_eq!(night.in_force().await, Some(id));
        night.later(365 * 24 * 60);
        assert_eq!(night.in_force().await, Some(id));
        night.later(24 * 60);
        assert_eq!(night.in_force().await, None);
    }
);

on_both!(its_days_are_today_and_at_most_a_year, |night: Night| {
    let promise = night.promise();
    for odd in [
        Promise {
            until: promise.from + Days::new(366),
            ..promise
        },
        Promise {
            from: promise.from + Days::new(1),
            ..promise
        },
        Promise {
            from: promise.from - Days::new(1),
            ..promise
        },
        Promise {
            until: promise.from - Days::new(1),
            ..promise
        },
    ] {
        let refused = night.signs(Who::OwnChief, odd).await;
        assert!(
            matches!(refused, Err(EmergencyError::Days)),
            "{odd:?}: {refused:?}"
        );
    }
});

on_both!(either_chief_ends_it, |night: Night| {
    let id = night.agree().await;
    let (now, terms) = (night.hall.now, night.terms());
    for (who, may) in [
        (Who::PrStaff, false),
        (Who::PrChief, true),
        (Who::OwnChief, false),
    ] {
        let by = night.signed(who).await;
        let ended = night
            .does(async |tx| agreement::end(tx, now, terms, &by, id).await)
            .await;
        assert_eq!(ended.is_ok(), may, "{who:?}: {ended:?}");
    }
    assert_eq!(night.in_force().await, None);
    let all = agreement::list(&night.hall.db, night.hall.childcare)
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
    assert!(all[0].ended.is_some());
});
