//! What residents did with a broadcast (反応), as far as LINE tells: how many opened it, and its links. LINE
//! sums that up under a name that every envelope of the broadcast carries, and tells nothing of few people.

mod store;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use thiserror::Error;

use super::sending::SOURCE;
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery;
use crate::ids::BroadcastId;
use crate::line::client::{Client, Failure, LinkStatistics, Statistics, Unit};

/// Names given in a month: LINE keeps 1,000, and leaves out further ones without a word.
const UNITS: u64 = 900;
/// Days for which LINE goes on counting after it was sent; on the next the last number is asked for.
const COUNTED: TimeDelta = TimeDelta::days(15);
/// LINE has a day's numbers on the next.
const READY: TimeDelta = TimeDelta::days(1);
/// Asked for once a day: a little less, so that the hour at which it is asked does not creep.
const AGAIN: TimeDelta = TimeDelta::hours(23);
/// Calls of one turn; LINE takes 60 an hour, for everything of the kind.
const CALLS: usize = 50;

/// What residents did with a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// LINE's numbers; none where it tells none.
    pub statistics: Statistics,
    /// The last of Japan's days that is counted.
    pub until: NaiveDate,
    /// When LINE said so.
    pub fetched_at: Instant,
}

/// Why not everything was fetched; it goes on in the next turn.
#[derive(Debug, Error)]
pub enum NotFetched {
    /// LINE did not tell.
    #[error("LINE does not tell how broadcasts fared: {0}")]
    Line(#[from] Failure),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The name under which LINE sums up a broadcast that goes out now; none when the month's are used up.
pub(super) async fn unit(tx: &Tx, now: Instant, id: BroadcastId) -> Result<Option<Unit>, DbError> {
    let today = date_in_japan(now);
    let month = today.with_day(1).unwrap_or(today).and_time(NaiveTime::MIN);
    let used = delivery::count_units(tx, instant_in_japan(month)).await?;
    match used < UNITS {
        true => Ok(Unit::parse(name(id)).ok()),
        false => {
            tracing::warn!(broadcast = %id, used, "no aggregation unit is left this month: how many open it is not known");
            Ok(None)
        }
    }
}

/// An id in the 30 letters and digits that a unit may have.
fn name(id: BroadcastId) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = id.0.as_u128();
    let mut digits = Vec::new();
    while rest > 0 {
        let digit = usize::try_from(rest % 36).unwrap_or_default();
        digits.extend(DIGITS.get(digit).copied().map(char::from));
        rest /= 36;
    }
    digits.push('b');
    digits.into_iter().rev().collect()
}

/// Asks LINE how those fare that went out lately, each once a day; says how many it told. When LINE has had
/// enough of asking, the next turn goes on.
///
/// # Errors
/// LINE does not tell, or the database does not answer; what was told is kept.
pub async fn fetch(db: &Db, line: &Client, now: Instant) -> Result<u64, NotFetched> {
    let sent = delivery::units(db, SOURCE, now - COUNTED, now - READY).await?;
    let fetched = store::fetched_at(db.conn()).await?;
    let mut due: Vec<(Option<Instant>, BroadcastId, Unit, Instant)> = Vec::new();
    for (source_id, unit, opened_at) in sent {
        let Ok(id) = source_id.parse::<BroadcastId>() else {
            continue;
        };
        let last = fetched.get(&id).copied();
        if last.is_none_or(|last| now - last >= AGAIN) {
            due.push((last, id, unit, opened_at));
        }
    }
    // Those of which nothing is known come first.
    due.sort_by_key(|(last, id, ..)| (*last, *id));
    let (mut told, mut refused) = (0, None);
    for (_, id, unit, opened_at) in due.into_iter().take(CALLS) {
        let from = date_in_japan(opened_at);
        let until = date_in_japan(now - READY);
        match line.statistics(&unit, from, until).await {
            Ok(statistics) => {
                let response = Response {
                    statistics: statistics.body,
                    until,
                    fetched_at: now,
                };
                store::keep(db.conn(), id, &response).await?;
                told += 1;
            }
            Err(Failure::RateLimited(_)) => break,
            // It is of this one; the others are asked for all the same.
            Err(failure @ Failure::Refused(_)) => refused = Some(failure),
            Err(failure) => return Err(failure.into()),
        }
    }
    match refused {
        Some(failure) => Err(failure.into()),
        None => Ok(told),
    }
}

/// What residents did with a broadcast, as LINE last said.
///
/// # Errors
/// The database does not answer.
pub async fn response(db: &Db, id: BroadcastId) -> Result<Option<Response>, DbError> {
    store::find(db.conn(), id).await
}

/// Addresses, each once, with the numbers of all places in which it stands.
pub fn links(statistics: &Statistics) -> Vec<LinkStatistics> {
    let mut links: Vec<LinkStatistics> = Vec::new();
    for link in &statistics.links {
        match links.iter_mut().find(|known| known.url == link.url) {
            Some(known) => {
                known.people = known.people.max(link.people);
                known.clicks = match (known.clicks, link.clicks) {
                    (Some(some), Some(more)) => Some(some + more),
                    (some, more) => some.or(more),
                };
            }
            None => links.push(link.clone()),
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn every_broadcast_has_a_name_of_its_own_that_line_takes(a in any::<u128>(), b in any::<u128>()) {
            let name = |id| name(BroadcastId(Uuid::from_u128(id)));
            prop_assert!(Unit::parse(name(a)).is_ok(), "{}", name(a));
            prop_assert_eq!(name(a) == name(b), a == b);
        }
    }

    #[test]
    fn an_address_that_stands_twice_is_told_once() {
        let link = |url: &str, people, clicks| LinkStatistics {
            url: url.to_owned(),
            people,
            clicks,
        };
        let statistics = Statistics {
            links: vec![
                link("a", Some(30), Some(40)),
                link("b", None, None),
                link("a", Some(30), Some(5)),
            ],
            ..Statistics::default()
        };
        let told = [link("a", Some(30), Some(45)), link("b", None, None)];
        assert_eq!(links(&statistics), told);
    }
}
