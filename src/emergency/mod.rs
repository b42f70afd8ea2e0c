//! Emergencies (緊急配信): after hours, two chiefs confer, and one of them sends. Neither can alone.
//!
//! ```ignore
//! let id = emergency::draft(&tx, now, terms, &drafter, section, &written).await?;
//! emergency::submit(&tx, now, terms, &chief, id, 1).await?;                        // frozen, with its digest
//! let act = emergency::confirmation(&db, now, &emergency, Act::Concur, other).await?;
//! let confirmed = accounts.confirm(now, act, &token, &assertion).await?;           // a passkey, once
//! emergency::concur(&tx, now, terms, &other_chief, id, confirmed).await?;
//! let dispatch = emergency::send(&tx, now, terms, &chief, id, confirmed).await?;   // on the same digest
//! ```
//!
//! - [`moves`]: every way from one state to another, and what takes a passkey; the database has the same table.
//! - [`template`]: what emergencies are written from.
//! - [`open_to`]: what somebody may do now; pages and verbs ask the same question.
//! - [`agreement`]: what lets one chief alone send a prepared correction, for a year.
//! - [`report`]: what is told afterwards, by both.
//! - [`bulletin`]: official bulletins, of which somebody makes a draft or nothing.
//! - [`by_hand`]: the record of evacuation orders, changed by two without an emergency.
//!
//! Verbs take their turn in the record first, so that what they decide on cannot change under them, and write the
//! history and the record together. The record names versions and digests, never words.
//! `docs/decisions/0017-a-drill-is-another-installation.md` says how drills are kept apart.

pub mod agreement;
mod announcing;
mod besides;
pub mod bulletin;
pub mod by_hand;
mod call_out;
mod conferring;
mod correcting;
mod digest;
mod drafting;
mod error;
mod holding;
mod link;
mod model;
pub mod moves;
mod proof;
mod reach;
mod readiness;
pub mod report;
mod sending;
mod standing;
mod stopping;
mod store;
mod taking;
pub mod template;
mod waking;
mod who;

pub use announcing::announced;
pub use call_out::{DAYS_BETWEEN_DRILLS, call_out, is_drill_due, test_everybody};
pub use conferring::{
    concur, decline, expire, revoke, send_back, void_fallen, void_stale, withdraw,
};
pub use correcting::{correct, is_prepared};
pub use digest::{Digest, Undigestible, plain};
pub use drafting::{composed, draft, edit, submit, texts};
pub use error::{EmergencyError, Void};
pub use holding::{hold_was_lifted, tell_of_hold};
pub use link::{Caution, cautions};
pub use model::{
    Audience, Besides, Did, Emergency, Event, Filing, Head, Issue, NoPlaces, Place, Places, Written,
};
pub use reach::{Able, DAYS_AHEAD, Reach, reach};
pub use readiness::{LEAST, Readiness, readiness};
pub use sending::{SOURCE, cut_next, send, send_correction, settle};
pub use stopping::{accept, concur_accept, concur_resume, resume, retry, stop};
pub use taking::confirmation;
pub use who::{Open, reads_draft};

use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::ids::{EmergencyId, PersonId};
use crate::policy::Profile;
use crate::staff::people;
use moves::State;
use template::Library;

/// What rules while an emergency is written and sent.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The policy in force.
    pub profile: &'a Profile,
    /// The published templates.
    pub library: &'a Library,
}

impl<'a> Terms<'a> {
    fn rules(&self) -> Result<&'a crate::policy::Emergency, EmergencyError> {
        let rules = self.profile.emergency.as_ref();
        rules.ok_or(EmergencyError::NoWay)
    }
}

/// An emergency with everything written and done about it.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: EmergencyId) -> Result<Option<Emergency>, DbError> {
    store::find(db.conn(), id).await
}

/// The newest `most`, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &Db, most: u64) -> Result<Vec<Head>, DbError> {
    store::list(db.conn(), most).await
}

/// Those with which somebody still has to do something, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn open(db: &Db) -> Result<Vec<Head>, DbError> {
    let open = State::ALL.into_iter().filter(|state| !state.is_over());
    store::standing_in(db.conn(), &open.collect::<Vec<_>>()).await
}

/// Those that ended from `from` to before `to` without being sent: declined, taken back or too late; oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn ended_unsent(db: &Db, from: Instant, to: Instant) -> Result<Vec<Emergency>, DbError> {
    let mut ended = Vec::new();
    for head in store::ended_unsent(db.conn(), from, to).await? {
        ended.extend(store::find(db.conn(), head.id).await?);
    }
    Ok(ended)
}

/// The corrections of one, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn corrections(db: &Db, of: EmergencyId) -> Result<Vec<Head>, DbError> {
    store::corrections(db.conn(), of).await
}

/// All that `person` may do to it now, each with the chief's post for which they would stand in.
///
/// # Errors
/// The policy knows no emergencies, or the database does not answer.
pub async fn open_to(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    of: &Emergency,
    person: PersonId,
) -> Result<Open, EmergencyError> {
    let roster = people::roster(db).await?;
    let granted = who::granted_by(&roster, of);
    let day = crate::clock::date_in_japan(now);
    let agreed = agreement::in_force(db, of.head.section, day).await?;
    let scene = who::Scene {
        roster: &roster,
        granted: &granted,
        rules: terms.rules()?,
        now,
        prepared: agreed.is_some() && correcting::is_prepared_in(terms, of),
    };
    Ok(scene.open_to(of, person))
}
