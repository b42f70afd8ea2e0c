//! Passkeys: bound to this site, verified by their user, newer each time, gone when revoked.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kairan::staff::account::{AccountError, Method, revoke_passkey, settle_passkey};
use serde_json::json;
use uuid::Uuid;

use crate::on_both;
use crate::support::authenticator::Authenticator;
use crate::support::office::{ORIGIN, Office};

on_both!(a_passkey_signs_in_without_a_name, |office: Office| {
    let (mut phone, row) = office.enrol(office.chief).await;
    assert_eq!(row.label, "電話");
    assert_eq!(
        row.usable_for_emergency_from,
        office.now + TimeDelta::hours(24)
    );
    let sign_in = office.sign_in(&mut phone).await.unwrap();
    assert_eq!(
        (sign_in.person(), sign_in.method()),
        (office.chief, Method::Passkey)
    );
    let listed = office.accounts.passkeys(office.chief).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].last_used_at),
        (1, Some(office.now))
    );
});

on_both!(
    what_the_page_gets_asks_for_a_verified_user_and_a_findable_key,
    |office: Office| {
        office.enrol(office.chief).await;
        let create = office
            .accounts
            .begin_passkey(office.now, office.chief, "0001", "太郎")
            .await
            .unwrap();
        let asked = &create.options["publicKey"];
        assert_eq!(
            asked["rp"],
            json!({"id": "kairan.city.example.jp", "name": "汐見市"})
        );
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(
            asked["authenticatorSelection"]["userVerification"],
            "required"
        );
        assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1);
        let anybody = office.asked(None).await;
        let asked = &anybody.options["publicKey"];
        assert_eq!(asked["userVerification"], "required");
        assert_eq!(asked["allowCredentials"], json!([]));
        assert_eq!(anybody.options.get("mediation"), None);
        let chief = office.asked(Some(office.chief)).await;
        assert_eq!(
            chief.options["publicKey"]["allowCredentials"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
);

on_both!(
    of_fifty_answers_to_one_challenge_one_counts,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        let asked = office.asked(None).await;
        let answer = phone.get(&asked.options);
        let tries = (0..50).map(|_| office.signed_in(&asked, &answer));
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
        let others = answers
            .iter()
            .filter(|a| matches!(a, Err(AccountError::Gone)));
        assert_eq!(others.count(), 49);
    }
);

on_both!(
    answers_from_elsewhere_unverified_or_late_are_refused,
    |office: Office| {
        let (phone, _) = office.enrol(office.chief).await;
        let mut phished = phone.clone();
        phished.origin = "https://kairan.city-example.jp".into();
        let mut unverified = phone.clone();
        unverified.verifies_user = false;
        for mut liar in [phished, unverified, Authenticator::new(ORIGIN)] {
            let refused = office.sign_in(&mut liar).await;
            assert!(matches!(refused, Err(AccountError::Refused)), "{refused:?}");
        }
        // An answer to another challenge.
        let mut phone = phone;
        let one = office.asked(None).await;
        let other = office.asked(None).await;
        let answer = phone.get(&one.options);
        let crossed = office.signed_in(&other, &answer).await;
        assert!(matches!(crossed, Err(AccountError::Refused)), "{crossed:?}");
        office.later(TimeDelta::minutes(5));
        let late = office.signed_in(&one, &answer).await;
        assert!(matches!(late, Err(AccountError::Gone)), "{late:?}");
        assert!(office.sign_in(&mut phone).await.is_ok());
    }
);

on_both!(
    a_copy_of_a_key_is_noticed_by_its_counter,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        let mut copy = phone.clone();
        assert!(office.sign_in(&mut phone).await.is_ok());
        assert!(office.sign_in(&mut phone).await.is_ok());
        let refused = office.sign_in(&mut copy).await;
        assert!(matches!(refused, Err(AccountError::Refused)), "{refused:?}");
    }
);

on_both!(
    a_key_that_does_not_count_may_be_used_again,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        phone.counts = false;
        for _ in 0..2 {
            let signed = office.sign_in(&mut phone).await;
            assert!(signed.is_ok(), "{signed:?}");
        }
    }
);

on_both!(
    a_revoked_key_and_a_locked_person_sign_nothing,
    |office: Office| {
        let (mut phone, row) = office.enrol(office.chief).await;
        let (mut spare, _) = office.enrol(office.chief).await;
        // Asked before, answered after.
        let asked = office.asked(Some(office.chief)).await;
        let tx = office.db.begin().await.unwrap();
        assert!(
            !revoke_passkey(&tx, office.now, office.newcomer, row.id)
                .await
                .unwrap()
        );
        assert!(
            revoke_passkey(&tx, office.now, office.chief, row.id)
                .await
                .unwrap()
        );
        assert!(
            !revoke_passkey(&tx, office.now, office.chief, row.id)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let answer = phone.get(&asked.options);
        let revoked = office.signed_in(&asked, &answer).await;
        assert!(matches!(revoked, Err(AccountError::Refused)), "{revoked:?}");
        assert!(office.sign_in(&mut spare).await.is_ok());
        office.locks(office.chief).await;
        let locked = office.sign_in(&mut spare).await;
        assert!(matches!(locked, Err(AccountError::Refused)), "{locked:?}");
    }
);

on_both!(
    a_registration_serves_its_person_once_and_a_key_one_person,
    |office: Office| {
        let mut phone = Authenticator::new(ORIGIN);
        let asked = office
            .accounts
            .begin_passkey(office.now, office.chief, "0001", "太郎")
            .await
            .unwrap();
        let answer = phone.create(&asked.options);
        let first = office
            .accounts
            .check_passkey(office.now, office.chief, &asked.token, &answer, "  机 ")
            .await;
        let again = office
            .accounts
            .check_passkey(office.now, office.chief, &asked.token, &answer, "")
            .await;
        assert!(matches!(again, Err(AccountError::Gone)), "{again:?}");
        let tx = office.db.begin().await.unwrap();
        let row = office
            .accounts
            .add_passkey(&tx, office.now, first.unwrap())
            .await
            .unwrap();
        assert_eq!(row.label, "机");
        tx.commit().await.unwrap();

        let asked = office
            .accounts
            .begin_passkey(office.now, office.newcomer, "0002", "花子")
            .await
            .unwrap();
        let answer = phone.create(&asked.options);
        let other = office
            .accounts
            .check_passkey(office.now, office.chief, &asked.token, &answer, "")
            .await;
        assert!(matches!(other, Err(AccountError::Gone)), "{other:?}");
        let asked = office
            .accounts
            .begin_passkey(office.now, office.newcomer, "0002", "花子")
            .await
            .unwrap();
        let answer = phone.create(&asked.options);
        let same_key = office
            .accounts
            .check_passkey(office.now, office.newcomer, &asked.token, &answer, "")
            .await;
        let tx = office.db.begin().await.unwrap();
        let taken = office
            .accounts
            .add_passkey(&tx, office.now, same_key.unwrap())
            .await;
        assert!(matches!(taken, Err(AccountError::Refused)), "{taken:?}");
    }
);

on_both!(
    two_administrators_may_settle_a_key_at_once,
    |office: Office| {
        let (_, row) = office.enrol(office.chief).await;
        let tx = office.db.begin().await.unwrap();
        let settle = async |person, id| {
            let settled = settle_passkey(&tx, office.now, person, id).await;
            settled.unwrap()
        };
        assert!(!settle(office.newcomer, row.id).await, "not theirs");
        assert!(!settle(office.chief, Uuid::nil()).await, "nobody's");
        assert!(settle(office.chief, row.id).await);
        assert!(!settle(office.chief, row.id).await, "it counts already");
        tx.commit().await.unwrap();
        let listed = office.accounts.passkeys(office.chief).await.unwrap();
        assert_eq!(listed[0].usable_for_emergency_from, office.now);
    }
);
