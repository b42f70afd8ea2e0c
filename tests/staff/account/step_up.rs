//! Step-up: one person, one act, one digest, once, within two minutes.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kairan::audit::{self, Query};
use kairan::staff::account::{AccountError, Accounts, Act, Site, revoke_passkey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::on_both;
use crate::support::office::Office;

const SEND: &str = "emergency.sent";
const STOP: &str = "emergency.stopped";

fn act(office: &Office) -> Act {
    Act {
        person: office.chief,
        act: SEND,
        digest: "ab".repeat(32),
    }
}

on_both!(
    a_confirmation_says_who_what_and_keeps_what_was_signed,
    |office: Office| {
        let (mut phone, row) = office.enrol(office.chief).await;
        let confirmed = office.confirm(&mut phone, act(&office)).await.unwrap();
        assert_eq!(confirmed.person(), office.chief);
        assert_eq!(
            (confirmed.act(), confirmed.digest()),
            (SEND, "ab".repeat(32).as_str())
        );
        assert_eq!((confirmed.passkey(), confirmed.at()), (row.id, office.now));
        assert!(!confirmed.counts_in_emergency());
        let kept = office
            .accounts
            .evidence(confirmed.evidence())
            .await
            .unwrap()
            .unwrap();
        let kept: Value = serde_json::from_str(&kept).unwrap();
        for field in [
            "clientDataJSON",
            "authenticatorData",
            "signature",
            "credentialId",
        ] {
            assert!(
                kept[field].as_str().is_some_and(|text| text.len() > 40),
                "{field} in {kept}"
            );
        }
        // Evidence outlives the ceremony.
        office.later(TimeDelta::days(400));
        let tx = office.db.begin().await.unwrap();
        kairan::staff::account::forget(&tx, office.now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            office
                .accounts
                .evidence(confirmed.evidence())
                .await
                .unwrap()
                .is_some()
        );

        let settled = office.confirm(&mut phone, act(&office)).await;
        assert!(settled.unwrap().counts_in_emergency());
    }
);

on_both!(
    the_same_answer_counts_once_also_fifty_times_at_once,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        let issued = office.issued(&act(&office)).await;
        let answer = phone.get(&issued.options);
        let tries = (0..50).map(|_| office.confirmed(act(&office), &issued, &answer));
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
        let once_more = office.confirmed(act(&office), &issued, &answer).await;
        assert!(
            matches!(once_more, Err(AccountError::Gone)),
            "{once_more:?}"
        );
    }
);

on_both!(an_answer_for_one_act_serves_no_other, |office: Office| {
    let (mut phone, _) = office.enrol(office.chief).await;
    office.enrol(office.newcomer).await;
    let asked = act(&office);
    let other_act = Act {
        act: STOP,
        ..asked.clone()
    };
    let other_digest = Act {
        digest: "cd".repeat(32),
        ..asked.clone()
    };
    let other_person = Act {
        person: office.newcomer,
        ..asked.clone()
    };
    let all = [asked, other_act, other_digest, other_person];
    for (i, issued_for) in all.iter().enumerate() {
        for (j, used_for) in all.iter().enumerate() {
            let issued = office.issued(issued_for).await;
            let answer = phone.get(&issued.options);
            let confirmed = office.confirmed(used_for.clone(), &issued, &answer).await;
            // The chief's phone confirms the chief's acts alone.
            match (i == j && used_for.person == office.chief, confirmed) {
                (true, Ok(_)) => {}
                (false, Err(AccountError::Refused)) => {}
                (expected, other) => panic!("issued {i}, used {j}: expected {expected}, {other:?}"),
            }
        }
    }
});

on_both!(
    a_sign_in_confirms_nothing_and_a_confirmation_signs_nobody_in,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        let asked = office.asked(Some(office.chief)).await;
        let answer = phone.get(&asked.options);
        let confirmed = office.confirmed(act(&office), &asked, &answer).await;
        assert!(
            matches!(confirmed, Err(AccountError::Gone)),
            "{confirmed:?}"
        );
        let issued = office.issued(&act(&office)).await;
        let answer = phone.get(&issued.options);
        let signed_in = office.signed_in(&issued, &answer).await;
        assert!(
            matches!(signed_in, Err(AccountError::Gone)),
            "{signed_in:?}"
        );
        // The answer to a sign-in under the challenge of a step-up.
        let asked = office.asked(Some(office.chief)).await;
        let answer = phone.get(&asked.options);
        let crossed = office.confirmed(act(&office), &issued, &answer).await;
        assert!(matches!(crossed, Err(AccountError::Refused)), "{crossed:?}");
    }
);

on_both!(two_minutes_are_the_limit, |office: Office| {
    let (mut phone, _) = office.enrol(office.chief).await;
    for (seconds, in_time) in [(119, true), (120, false)] {
        let issued = office.issued(&act(&office)).await;
        assert_eq!(issued.options["publicKey"]["timeout"], 120_000);
        let answer = phone.get(&issued.options);
        office.later(TimeDelta::seconds(seconds));
        let confirmed = office.confirmed(act(&office), &issued, &answer).await;
        assert_eq!(confirmed.is_ok(), in_time, "{seconds}: {confirmed:?}");
    }
});

on_both!(
    key_and_account_are_looked_at_again_when_the_answer_comes,
    |office: Office| {
        let none = office.accounts.issue(office.now, &act(&office)).await;
        assert!(matches!(none, Err(AccountError::NoPasskey)), "{none:?}");
        let (mut phone, row) = office.enrol(office.chief).await;
        let (mut spare, _) = office.enrol(office.chief).await;
        let (first, second) = (
            office.issued(&act(&office)).await,
            office.issued(&act(&office)).await,
        );
        let tx = office.db.begin().await.unwrap();
        revoke_passkey(&tx, office.now, office.chief, row.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let answer = phone.get(&first.options);
        let revoked = office.confirmed(act(&office), &first, &answer).await;
        assert!(matches!(revoked, Err(AccountError::Refused)), "{revoked:?}");
        office.locks(office.chief).await;
        let answer = spare.get(&second.options);
        let locked = office.confirmed(act(&office), &second, &answer).await;
        assert!(matches!(locked, Err(AccountError::Refused)), "{locked:?}");
    }
);

on_both!(
    the_record_has_the_challenge_before_the_browser_does,
    |office: Office| {
        let (mut phone, row) = office.enrol(office.chief).await;
        let issued = office.issued(&act(&office)).await;
        let recorded = async || {
            let query = Query {
                act: Some("stepup.".into()),
                ..Query::default()
            };
            audit::search(&office.db, &query).await.unwrap().entries
        };
        let entries = recorded().await;
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].act, "stepup.issued");
        assert_eq!(entries[0].actor, Some(office.chief));
        assert_eq!(entries[0].detail["act"], SEND);
        assert_eq!(entries[0].detail["digest"], "ab".repeat(32));
        let challenge = &issued.options["publicKey"]["challenge"];
        assert_eq!(&entries[0].detail["challenge"], challenge);

        let answer = phone.get(&issued.options);
        let confirmed = office
            .confirmed(act(&office), &issued, &answer)
            .await
            .unwrap();
        let entries = recorded().await;
        assert_eq!(
            (entries.len(), entries[0].act.as_str()),
            (2, "stepup.confirmed")
        );
        assert_eq!(entries[0].detail["passkey"], row.id.to_string());
        assert_eq!(entries[0].object_id, confirmed.evidence());
        let kept = office.accounts.evidence(confirmed.evidence()).await;
        let digest = Sha256::digest(kept.unwrap().unwrap());
        let digest: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(entries[0].detail["evidence"], digest);
    }
);

on_both!(
    what_was_confirmed_is_verified_anew_for_that_alone,
    |office: Office| {
        let (mut phone, row) = office.enrol(office.chief).await;
        let asked = act(&office);
        let confirmed = office.confirm(&mut phone, asked.clone()).await.unwrap();
        let name = confirmed.evidence().to_owned();
        // The phone has counted on since.
        office.confirm(&mut phone, asked.clone()).await.unwrap();
        let stands = async |name: &str, act: &Act| {
            let tx = office.db.begin().await.unwrap();
            office.accounts.stands(&tx, name, act).await.unwrap()
        };
        assert_eq!(stands(&name, &asked).await, Some(row.id));
        for other in [
            Act {
                act: STOP,
                ..asked.clone()
            },
            Act {
                digest: "cd".repeat(32),
                ..asked.clone()
            },
            Act {
                person: office.newcomer,
                ..asked.clone()
            },
        ] {
            assert_eq!(stands(&name, &other).await, None, "{other:?}");
        }
        assert_eq!(stands("made up", &asked).await, None);
        // It stays what it was when the key was lost later: whether it still counts is asked apart.
        let tx = office.db.begin().await.unwrap();
        revoke_passkey(&tx, office.now, office.chief, row.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stands(&name, &asked).await, Some(row.id));
    }
);

on_both!(
    what_was_signed_for_another_site_does_not_stand,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        let confirmed = office.confirm(&mut phone, act(&office)).await.unwrap();
        let site = Site {
            public_url: "https://elsewhere.example".into(),
            name: "別の市".into(),
        };
        let elsewhere = Accounts::new(office.db.db.clone(), site).unwrap();
        let tx = office.db.begin().await.unwrap();
        let stands = elsewhere
            .stands(&tx, confirmed.evidence(), &act(&office))
            .await;
        assert_eq!(stands.unwrap(), None);
    }
);
