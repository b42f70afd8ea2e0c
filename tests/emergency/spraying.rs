//! Somebody tries passwords by the thousand, from everywhere and for everybody: nobody comes in by it, and neither chief
//! is kept away.
//!
//! `KAIRAN_SPRAYED` says how often they try (1,000 when it does not).

use chrono::TimeDelta;
use entity::{session, throttle};
use futures_util::future::join_all;
use kairan::emergency::moves::State;
use kairan::staff::account::{AccountError, Attempt, InvitedTo, Limits, Network, invite_to};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Night, Who};
use crate::delivery::crash::{Chance, setting};
use crate::on_both;
use crate::support::office::PASSWORD;

/// Both chiefs, somebody else, who does not exist, and what people type into the wrong box.
const NAMES: [&str; 12] = [
    "2001",
    "1002",
    "2001",
    "1002",
    "2001",
    "1002",
    "1001",
    "3001",
    "9999",
    "admin",
    "root",
    "ひみつ",
];
const GUESSES: [&str; 4] = ["password", "ひみつのことば", "汐見市2026", "kairan"];
/// Of each kind.
const NETWORKS: u64 = 64;
/// Tries at one moment.
const AT_ONCE: u64 = 8;

on_both!(
    thousands_of_tries_open_nothing_and_keep_no_chief_away,
    |night: Night| {
        let tries = setting("KAIRAN_SPRAYED", 1_000);
        let chiefs = [(Who::PrChief, "2001"), (Who::OwnChief, "1002")];
        for (who, number) in chiefs {
            let (now, person) = (night.hall.now, night.people[&who]);
            let tx = night.hall.db.db.begin().await.unwrap();
            let link = invite_to(&tx, now, person, InvitedTo::OpenAccount).await;
            tx.commit().await.unwrap();
            let (link, password) = (link.unwrap(), PASSWORD.into());
            let own = [number];
            let accepted = night
                .accounts
                .accept_with_password(now, &link, &password, &own);
            accepted.await.unwrap();
        }
        let mut chance = Chance(20_261_124);
        let (mut looked_at, mut told_to_wait) = (0, 0);
        for _ in 0..tries.div_ceil(AT_ONCE) {
            let wave = (0..AT_ONCE).map(|_| {
                let name = NAMES[usize::try_from(chance.below(NAMES.len() as u64)).unwrap()];
                let guess = GUESSES[usize::try_from(chance.below(GUESSES.len() as u64)).unwrap()];
                let network = chance.below(NETWORKS);
                let address = match chance.below(2) {
                    0 => format!("198.51.100.{network}"),
                    _ => format!("2001:db8:0:{network:x}::{:x}", chance.below(65_536)),
                };
                let attempt = Attempt {
                    number: name.into(),
                    password: guess.into(),
                    network: Network::from(address.parse::<std::net::IpAddr>().unwrap()),
                };
                night.accounts.prove_password(night.hall.now, attempt)
            });
            for tried in join_all(wave.collect::<Vec<_>>()).await {
                match tried {
                    Err(AccountError::Refused) => looked_at += 1,
                    Err(AccountError::Wait { .. }) => told_to_wait += 1,
                    other => panic!("{other:?}"),
                }
            }
            night.hall.now += TimeDelta::seconds(4);
        }
        println!("{looked_at} tries were looked at, {told_to_wait} told to wait");
        assert!(looked_at < told_to_wait, "{looked_at} {told_to_wait}");
        // Both passwords are locked: not even the right one opens anything, from a network that never tried.
        for (who, number) in chiefs {
            let factors = night.accounts.factors(night.people[&who]).await.unwrap();
            assert!(factors.password_locked, "{who:?}");
            night.hall.now += TimeDelta::minutes(2);
            let attempt = Attempt {
                number: number.into(),
                password: PASSWORD.into(),
                network: Network::from("203.0.113.9".parse::<std::net::IpAddr>().unwrap()),
            };
            let right = night.accounts.prove_password(night.hall.now, attempt).await;
            assert!(matches!(right, Err(AccountError::Refused)), "{right:?}");
        }
        let conn = night.hall.db.conn();
        assert_eq!(session::Entity::find().count(conn).await.unwrap(), 0);
        // What is kept of it does not grow with the tries.
        let kept = throttle::Entity::find().count(conn).await.unwrap();
        assert!(kept <= NAMES.len() as u64 + 2 * NETWORKS + 1, "{kept}");

        // The chiefs come in by passkey, confer and send.
        for (who, _) in chiefs {
            let (now, person) = (night.hall.now, night.people[&who]);
            let asked = night
                .accounts
                .begin_sign_in(now, Some(person))
                .await
                .unwrap();
            let answer = night.phones[&person].lock().unwrap().get(&asked.options);
            let signed = night
                .accounts
                .sign_in_by_passkey(now, &asked.token, &answer);
            let session = night.accounts.open_session(
                now,
                Limits::default(),
                signed.await.unwrap(),
                "curl/8.5",
            );
            session.await.unwrap();
        }
        assert_eq!(session::Entity::find().count(conn).await.unwrap(), 2);
        let id = night.sent().await;
        assert_eq!(night.state(id).await, State::Dispatching);
    }
);
