//! Codes of an app and recovery codes: each once.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kairan::staff::account::{AccountError, Method, Next, RecoveryCode, Token};
use secrecy::ExposeSecret;

use crate::on_both;
use crate::support::office::{Office, PASSWORD};

async fn enrolled(office: &mut Office) -> (String, Vec<RecoveryCode>) {
    let begun = office
        .accounts
        .begin_codes(office.now, office.chief, "0001")
        .await
        .unwrap();
    assert!(begun.qr.expose_secret().contains("<svg"));
    let secret = begun.secret.expose_secret().to_owned();
    let wrong = office
        .accounts
        .finish_codes(office.now, office.chief, &begun.token, "000 000");
    assert!(matches!(wrong.await, Err(AccountError::Refused)));
    let code = office.code(&secret);
    let other = office
        .accounts
        .finish_codes(office.now, office.newcomer, &begun.token, &code);
    assert!(matches!(other.await, Err(AccountError::Gone)));
    let finished = office
        .accounts
        .finish_codes(office.now, office.chief, &begun.token, &code);
    let recovery = finished.await.unwrap();
    let again = office
        .accounts
        .finish_codes(office.now, office.chief, &begun.token, &code);
    assert!(matches!(again.await, Err(AccountError::Gone)));
    office.later(TimeDelta::minutes(2));
    (secret, recovery)
}

async fn asked(office: &Office) -> Token {
    let proven = office.password("0001", PASSWORD).await.unwrap();
    let Next::SecondFactor(pending) = proven.next(false) else {
        panic!("a second factor is enrolled");
    };
    office
        .accounts
        .ask_second(office.now, &pending)
        .await
        .unwrap()
}

on_both!(
    a_code_counts_once_even_for_another_sign_in,
    |office: Office| {
        let (secret, _) = enrolled(&mut office).await;
        let (first, second) = (asked(&office).await, asked(&office).await);
        let code = office.code(&secret);
        let sign_in = office
            .accounts
            .second_by_code(office.now, &first, &code)
            .await
            .unwrap();
        assert_eq!(
            (sign_in.person(), sign_in.method()),
            (office.chief, Method::Code)
        );
        let replayed = office
            .accounts
            .second_by_code(office.now, &second, &code)
            .await;
        assert!(
            matches!(replayed, Err(AccountError::Refused)),
            "{replayed:?}"
        );
        // Its sign-in is over, too.
        office.later(TimeDelta::seconds(61));
        let next = office.code(&secret);
        let over = office
            .accounts
            .second_by_code(office.now, &first, &next)
            .await;
        assert!(matches!(over, Err(AccountError::Gone)), "{over:?}");
        assert!(
            office
                .accounts
                .second_by_code(office.now, &second, &next)
                .await
                .is_ok()
        );
    }
);

on_both!(of_twenty_at_once_one_code_counts, |office: Office| {
    let (secret, _) = enrolled(&mut office).await;
    let token = asked(&office).await;
    let code = office.code(&secret);
    let tries = (0..20).map(|_| office.accounts.second_by_code(office.now, &token, &code));
    let signed_in = join_all(tries).await.into_iter().filter(Result::is_ok);
    assert_eq!(signed_in.count(), 1);
});

on_both!(
    whoever_has_the_password_cannot_try_all_codes,
    |office: Office| {
        let (secret, recovery) = enrolled(&mut office).await;
        for n in 0..10 {
            let token = asked(&office).await;
            let wrong = office
                .accounts
                .second_by_code(office.now, &token, "000000")
                .await;
            assert!(
                matches!(wrong, Err(AccountError::Refused)),
                "{n}: {wrong:?}"
            );
            let at_once = office
                .accounts
                .second_by_code(office.now, &token, "000001")
                .await;
            assert!(
                matches!(at_once, Err(AccountError::Wait { .. })),
                "{n}: {at_once:?}"
            );
            office.later(TimeDelta::seconds(61));
            if n == 8 {
                // Still open for its owner, who stops here in the other story.
                assert!(
                    !office
                        .accounts
                        .factors(office.chief)
                        .await
                        .unwrap()
                        .password_locked
                );
            }
        }
        assert!(
            office
                .accounts
                .factors(office.chief)
                .await
                .unwrap()
                .password_locked
        );
        assert!(office.password("0001", PASSWORD).await.is_err());
        drop((secret, recovery));
    }
);

on_both!(recovery_codes_serve_once_each, |office: Office| {
    let (_, recovery) = enrolled(&mut office).await;
    assert_eq!(recovery.len(), 10);
    let typed = recovery[3].reveal().to_lowercase().replace('-', " ");
    let token = asked(&office).await;
    let sign_in = office
        .accounts
        .second_by_recovery_code(office.now, &token, &typed)
        .await
        .unwrap();
    assert_eq!(sign_in.method(), Method::RecoveryCode);
    office.later(TimeDelta::seconds(61));
    let token = asked(&office).await;
    let again = office
        .accounts
        .second_by_recovery_code(office.now, &token, &typed)
        .await;
    assert!(matches!(again, Err(AccountError::Refused)), "{again:?}");
    assert_eq!(
        office
            .accounts
            .factors(office.chief)
            .await
            .unwrap()
            .recovery_codes,
        9
    );

    let renewed = office
        .accounts
        .renew_recovery_codes(office.now, office.chief)
        .await
        .unwrap();
    office.later(TimeDelta::seconds(61));
    let old = office
        .accounts
        .second_by_recovery_code(office.now, &token, recovery[4].reveal())
        .await;
    assert!(matches!(old, Err(AccountError::Refused)), "{old:?}");
    office.later(TimeDelta::seconds(61));
    let new = office
        .accounts
        .second_by_recovery_code(office.now, &token, renewed[0].reveal())
        .await;
    assert!(new.is_ok(), "{new:?}");
});

on_both!(
    who_must_have_a_second_factor_enrols_one_before_a_session,
    |office: Office| {
        let proven = office.password("0001", PASSWORD).await.unwrap();
        let Next::MustEnrolSecondFactor(pending) = proven.next(true) else {
            panic!("a chief with a password alone");
        };
        let token = office
            .accounts
            .ask_second(office.now, &pending)
            .await
            .unwrap();
        let not_yet = office.accounts.enrolled_second(office.now, &token).await;
        assert!(matches!(not_yet, Err(AccountError::Refused)), "{not_yet:?}");
        office.enrol(office.chief).await;
        let sign_in = office
            .accounts
            .enrolled_second(office.now, &token)
            .await
            .unwrap();
        assert_eq!(sign_in.person(), office.chief);
        let twice = office.accounts.enrolled_second(office.now, &token).await;
        assert!(matches!(twice, Err(AccountError::Gone)), "{twice:?}");
        // Whoever has one from the start must show it.
        let token = asked(&office).await;
        let skipped = office.accounts.enrolled_second(office.now, &token).await;
        assert!(matches!(skipped, Err(AccountError::Refused)), "{skipped:?}");
    }
);

on_both!(the_secret_of_the_app_lies_sealed, |office: Office| {
    use sea_orm::EntityTrait;
    let (secret, _) = enrolled(&mut office).await;
    let rows = entity::account::Entity::find()
        .all(office.db.conn())
        .await
        .unwrap();
    let ceremonies = entity::ceremony::Entity::find()
        .all(office.db.conn())
        .await
        .unwrap();
    let stored = format!("{rows:?}{ceremonies:?}");
    assert!(!stored.contains(&secret) && stored.contains("r."));
    office
        .accounts
        .end_codes(office.now, office.chief)
        .await
        .unwrap();
    let factors = office.accounts.factors(office.chief).await.unwrap();
    assert_eq!((factors.codes, factors.recovery_codes), (false, 0));
});
