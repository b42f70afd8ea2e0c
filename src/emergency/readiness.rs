//! Whether live emergencies are possible at all: with fewer than two people on a side, one illness would be
//! enough to leave a town unwarned; with fewer than two administrators, nobody could let go of a lost passkey.

use std::collections::BTreeSet;
use std::fmt;

use super::moves::Side;
use super::who::decider;
use super::{EmergencyError, Terms};
use crate::approval::{self, House};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, Tx};
use crate::ids::{PersonId, SectionId};
use crate::staff::account;
use crate::staff::people::{self, Roster};

/// People with a passkey that each side must have, and administrators.
pub const LEAST: usize = 2;

/// How ready a section and its other side are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The policy lets live messages go this way.
    pub allowed: bool,
    /// Who could agree by passkey now: the chief and deputies.
    pub concurring: BTreeSet<PersonId>,
    /// Who could send by passkey now.
    pub sending: BTreeSet<PersonId>,
    /// How many administer the system today.
    pub administrators: usize,
}

impl Readiness {
    /// Whether nothing is missing.
    pub fn is_ready(&self) -> bool {
        self.allowed && self.short().is_empty() && self.administrators >= LEAST
    }

    /// The sides with too few people.
    pub fn short(&self) -> Vec<Side> {
        let sides = [
            (Side::Concurs, &self.concurring),
            (Side::Sends, &self.sending),
        ];
        let short = sides.into_iter().filter(|(_, ready)| ready.len() < LEAST);
        short.map(|(side, _)| side).collect()
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.allowed {
            f.write_str("the policy says live = false; ")?;
        }
        write!(
            f,
            "of {LEAST} people with a passkey that counts, the side that agrees has {}, the side that sends {}; of {LEAST} administrators there are {}",
            self.concurring.len(),
            self.sending.len(),
            self.administrators
        )
    }
}

/// How ready `section` and its other side are.
///
/// # Errors
/// The policy knows no emergencies, or the database does not answer.
pub async fn readiness(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    section: SectionId,
) -> Result<Readiness, EmergencyError> {
    let roster = people::roster(db).await?;
    let holders = account::ready_for_emergency(db, now).await?;
    of(&roster, &holders, now, terms, section)
}

pub(super) async fn readiness_in(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    section: SectionId,
) -> Result<Readiness, EmergencyError> {
    let roster = people::roster_in(tx).await?;
    let holders = account::ready_for_emergency_in(tx, now).await?;
    of(&roster, &holders, now, terms, section)
}

fn of(
    roster: &Roster,
    holders: &BTreeSet<PersonId>,
    now: Instant,
    terms: Terms<'_>,
    section: SectionId,
) -> Result<Readiness, EmergencyError> {
    let rules = terms.rules()?;
    let day = date_in_japan(now);
    let ready = |side| {
        let people = approval::deciders(roster, day, decider(rules, side), House::Section(section));
        let ready = people.into_keys().filter(|person| holders.contains(person));
        ready.collect()
    };
    Ok(Readiness {
        allowed: rules.live,
        concurring: ready(Side::Concurs),
        sending: ready(Side::Sends),
        administrators: roster.administrators(day),
    })
}
