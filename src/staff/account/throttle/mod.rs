//! How long the next try must wait, and how this cannot lock anybody out.
//!
//! A try is counted *before* it is looked at, in the database, so that a hundred at once count as a hundred
//! on every replica. The delay grows 0, 1, 2, 4 … 60 seconds; ten wrong ones in a row lock the password of
//! the account (until an administrator unlocks it), never its passkeys (ASVS 6.1.1).

use std::net::IpAddr;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

pub(super) mod store;

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::text::{fold, hex};

/// Wrong passwords or codes in a row that lock the password.
pub(super) const LOCKS_AT: i32 = 10;
/// Failures from one network before it has to wait: a whole town hall shares one address.
pub(super) const NETWORK_ALLOWANCE: i32 = 20;
/// After so long without a failure, counting begins anew.
pub(super) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
const LONGEST: i64 = 60;

/// Where a try came from: an IPv4 address, or the /64 that one IPv6 subscriber has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            v4 => v4,
        })
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => v4.fmt(f),
            IpAddr::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}

/// What is counted: a name that was typed, whether or not anybody has it, or a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    Name(String),
    /// The second factor of somebody whose password was right.
    Second(PersonId),
    Network(Network),
}

impl Scope {
    /// The typed name is kept as a digest: people type passwords into the wrong box. However it is written,
    /// it is one name.
    pub(super) fn name(typed: &str) -> Self {
        Self::Name(hex(&Sha256::digest(fold(typed))))
    }

    pub(super) fn key(&self) -> String {
        match self {
            Self::Name(digest) => format!("name:{digest}"),
            Self::Second(person) => format!("second:{person}"),
            Self::Network(network) => format!("network:{network}"),
        }
    }

    fn allowance(&self) -> i32 {
        match self {
            Self::Name(_) | Self::Second(_) => 0,
            Self::Network(_) => NETWORK_ALLOWANCE,
        }
    }
}

/// What is known of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub failures: i32,
    pub not_before: Option<Instant>,
    pub last: Option<Instant>,
}

impl Tally {
    /// Counts a try at `now`, as if it failed; or says from when one is welcome.
    pub(super) fn count(self, scope: &Scope, now: Instant) -> Result<Self, Instant> {
        let fresh = self.last.is_none_or(|last| now - last >= FORGOTTEN_AFTER);
        let failures = if fresh { 0 } else { self.failures };
        match self.not_before {
            Some(from) if !fresh && now < from => Err(from),
            _ => Ok(Self {
                failures: failures + 1,
                not_before: Some(now + delay(failures + 1 - scope.allowance())),
                last: Some(now),
            }),
        }
    }
}

/// The wait after so many failures in a row: 0, 1, 2, 4 … 60 s.
fn delay(failures: i32) -> TimeDelta {
    match failures {
        ..=0 => TimeDelta::zero(),
        n @ 1..=6 => TimeDelta::seconds(1 << (n - 1)),
        _ => TimeDelta::seconds(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute() {
        let waits: Vec<i64> = (0..9).map(|n| delay(n).num_seconds()).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn an_ipv6_subscriber_is_one_network_and_an_embedded_ipv4_the_same_as_bare() {
        let network = |text: &str| text.parse::<IpAddr>().map(Network::from).ok();
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        let shown = network("2001:db8:1:2::1").map(|n| n.to_string());
        assert_eq!(shown.as_deref(), Some("2001:db8:1:2::/64"));
    }

    #[test]
    fn ten_thousand_tries_get_few_through() {
        let start = Instant::UNIX_EPOCH;
        let name = Scope::name("0001");
        let (mut tally, mut through) = (Tally::default(), 0);
        // One try each 100 ms for 1000 s.
        for at in 0..10_000 {
            let now = start + TimeDelta::milliseconds(100 * at);
            if let Ok(counted) = tally.count(&name, now) {
                (tally, through) = (counted, through + 1);
            }
        }
        // 1+2+4+8+16+32 s for the first seven, then one a minute.
        assert_eq!(through, 7 + (1000 - 63) / 60);
        let rested = start + TimeDelta::seconds(1000) + FORGOTTEN_AFTER;
        assert_eq!(tally.count(&name, rested).map(|t| t.failures), Ok(1));
    }

    #[test]
    fn a_town_hall_behind_one_address_may_mistype() {
        let now = Instant::UNIX_EPOCH;
        let hall = Scope::Network(Network::from(IpAddr::from([192, 0, 2, 1])));
        let mut tally = Tally::default();
        for _ in 0..NETWORK_ALLOWANCE {
            tally = tally.count(&hall, now).unwrap_or_default();
        }
        assert_eq!(tally.failures, NETWORK_ALLOWANCE);
        let one_more = tally.count(&hall, now).unwrap_or_default();
        assert_eq!(one_more.count(&hall, now), Err(now + TimeDelta::seconds(1)));
    }
}
