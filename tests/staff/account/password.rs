//! Passwords: counted before they are looked at, and never a way to lock somebody out.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use kairan::staff::account::{AccountError, Next, forget, unlock};

use crate::on_both;
use crate::support::office::{Office, PASSWORD};

on_both!(
    the_right_password_of_a_known_active_person_and_nothing_else,
    |office: Office| {
        office.person("0003", None).await;
        for (number, password) in [
            ("0001", "窓際の犬は三時に吠えて起こす"),
            ("0002", PASSWORD), // known, but has no password
            ("0003", ""),
            ("9999", PASSWORD),
            ("", ""),
        ] {
            let refused = office.password(number, password).await;
            assert!(
                matches!(refused, Err(AccountError::Refused)),
                "{number}: {refused:?}"
            );
            office.later(TimeDelta::minutes(2));
        }
        assert_eq!(
            office.password(" 0001 ", PASSWORD).await.unwrap().person(),
            office.chief
        );
        office.locks(office.chief).await;
        assert!(matches!(
            office.password("0001", PASSWORD).await,
            Err(AccountError::Refused)
        ));
    }
);

on_both!(
    a_hundred_at_once_are_counted_as_a_hundred,
    |office: Office| {
        let tries = (0..100).map(|_| office.password("0001", "まちがい"));
        let answers = join_all(tries).await;
        let looked_at = answers
            .iter()
            .filter(|a| matches!(a, Err(AccountError::Refused)));
        let told_to_wait = answers
            .iter()
            .filter(|a| matches!(a, Err(AccountError::Wait { .. })));
        // The second comes at the same moment: after one failure it must wait a second.
        assert_eq!((looked_at.count(), told_to_wait.count()), (1, 99));
    }
);

on_both!(
    ten_wrong_ones_lock_the_password_and_not_the_passkey,
    |office: Office| {
        let (mut phone, _) = office.enrol(office.chief).await;
        for n in 0..10 {
            // From a different network each time: the account counts, wherever they come from.
            let address = format!("198.51.100.{n}");
            let wrong = office.password_from(&address, "0001", "まちがい").await;
            assert!(
                matches!(wrong, Err(AccountError::Refused)),
                "{n}: {wrong:?}"
            );
            office.later(TimeDelta::seconds(61));
        }
        let right = office.password("0001", PASSWORD).await;
        assert!(matches!(right, Err(AccountError::Refused)), "{right:?}");
        // Waiting does not help, and does not hurt the passkey.
        office.later(TimeDelta::days(3));
        assert!(office.password("0001", PASSWORD).await.is_err());
        assert!(
            office
                .accounts
                .factors(office.chief)
                .await
                .unwrap()
                .password_locked
        );
        let signed_in = office.sign_in(&mut phone).await.unwrap();
        office.session(signed_in).await;
        assert!(office.password("0001", PASSWORD).await.is_err());

        let tx = office.db.begin().await.unwrap();
        unlock(&tx, office.now, office.chief).await.unwrap();
        tx.commit().await.unwrap();
        office.later(TimeDelta::seconds(61));
        assert!(office.password("0001", PASSWORD).await.is_ok());
    }
);

on_both!(
    nine_wrong_ones_and_a_whole_sign_in_begin_a_new_count,
    |office: Office| {
        for round in 0..2 {
            for _ in 0..9 {
                assert!(office.password("0001", "まちがい").await.is_err());
                office.later(TimeDelta::seconds(61));
            }
            let proven = office.password("0001", PASSWORD).await;
            let proven = proven.unwrap_or_else(|e| panic!("round {round}: {e}"));
            let Next::SignIn(sign_in) = proven.next(false) else {
                panic!("nothing else is enrolled");
            };
            office.session(sign_in).await;
        }
    }
);

on_both!(
    one_network_may_try_twenty_names_and_then_waits,
    |office: Office| {
        for n in 0..21 {
            let tried = office
                .password_from("2001:db8::1", &format!("x{n}"), "まちがい")
                .await;
            assert!(
                matches!(tried, Err(AccountError::Refused)),
                "{n}: {tried:?}"
            );
        }
        // The whole /64 waits; others do not.
        let neighbour = office
            .password_from("2001:db8::ffff:2", "0001", PASSWORD)
            .await;
        let until = office.now + TimeDelta::seconds(1);
        assert!(
            matches!(neighbour, Err(AccountError::Wait { until: u }) if u == until),
            "{neighbour:?}"
        );
        assert!(
            office
                .password_from("2001:db8:0:1::1", "0001", PASSWORD)
                .await
                .is_ok()
        );

        let rows = async |office: &Office| {
            use sea_orm::EntityTrait;
            let rows = entity::throttle::Entity::find()
                .all(office.db.conn())
                .await
                .unwrap();
            rows.into_iter()
                .map(|row| row.scope)
                .collect::<HashSet<_>>()
        };
        assert!(
            rows(&office)
                .await
                .iter()
                .all(|scope| !scope.ends_with("x1") && !scope.ends_with("0001"))
        );
        office.later(TimeDelta::hours(2));
        let tx = office.db.begin().await.unwrap();
        assert!(forget(&tx, office.now).await.unwrap() >= 22);
        tx.commit().await.unwrap();
        assert!(rows(&office).await.is_empty());
    }
);
