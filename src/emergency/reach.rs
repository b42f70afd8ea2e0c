//! Whether both sides could be woken in the nights to come: somebody is of use at night who has a passkey that
//! counts, and whom a call reaches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};

use super::moves::Side;
use super::readiness::LEAST;
use super::who::decider;
use super::{EmergencyError, Terms};
use crate::approval::{self, House};
use crate::clock::{Instant, date_in_japan};
use crate::db::Db;
use crate::ids::{PersonId, SectionId};
use crate::policy::Channel;
use crate::staff::contact::{self, Ways};
use crate::staff::{account, people};

/// Days looked ahead: 72 hours.
pub const DAYS_AHEAD: i64 = 3;

/// Who speaks for a side in the days to come, and how they are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Everybody who speaks for it on any of these days.
    pub people: BTreeMap<PersonId, Able>,
    /// The first day on which fewer than [`LEAST`] are of use, and how many they are then.
    pub short: Option<(NaiveDate, usize)>,
}

/// What somebody could do if they were woken now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Able {
    /// They have a passkey that counts.
    pub passkey: bool,
    /// By what they are reached.
    pub by: BTreeSet<Channel>,
}

/// How both sides of `section` could be reached from now on for [`DAYS_AHEAD`] days, over the channels that this
/// installation `has`.
///
/// # Errors
/// The policy knows no emergencies, or the database does not answer.
pub async fn reach(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    section: SectionId,
    has: impl Fn(Channel) -> bool,
) -> Result<BTreeMap<Side, Reach>, EmergencyError> {
    let rules = terms.rules()?;
    let roster = people::roster(db).await?;
    let everybody: Vec<PersonId> = roster.persons.keys().copied().collect();
    let ways = contact::ways(db, &everybody).await?;
    let by = |person: &PersonId| -> BTreeSet<Channel> {
        let channels = ways.get(person).into_iter().flat_map(channels);
        channels.filter(|channel| has(*channel)).collect()
    };
    let mut sides: BTreeMap<Side, Reach> = BTreeMap::new();
    let settled = account::ready_for_emergency(db, now).await?;
    for ahead in 0..=DAYS_AHEAD {
        let at = now + TimeDelta::days(ahead);
        let holders = account::ready_for_emergency(db, at).await?;
        let day = date_in_japan(at);
        for side in Side::BOTH {
            let speaks = decider(rules, side);
            let speaking = approval::deciders(&roster, day, speaks, House::Section(section));
            let reach = sides.entry(side).or_default();
            let of_use = |person: &&PersonId| holders.contains(person) && !by(person).is_empty();
            let many = speaking.keys().filter(of_use).count();
            if many < LEAST && reach.short.is_none() {
                reach.short = Some((day, many));
            }
            for person in speaking.into_keys() {
                let able = || Able {
                    passkey: settled.contains(&person),
                    by: by(&person),
                };
                reach.people.entry(person).or_insert_with(able);
            }
        }
    }
    Ok(sides)
}

/// The channels for which somebody has an address.
fn channels(ways: &Ways) -> impl Iterator<Item = Channel> {
    let telephone = ways.telephone.is_some();
    [
        (Channel::Mail, ways.mail.is_some()),
        (Channel::Push, !ways.push.is_empty()),
        (Channel::Sms, telephone),
        (Channel::Voice, telephone),
    ]
    .into_iter()
    .filter_map(|(channel, there)| there.then_some(channel))
}
