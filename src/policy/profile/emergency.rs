//! The way in a crisis, outside working hours.

use serde::Deserialize;

use super::approval::Decider;
use super::written::Clause;

/// Two posts confer, and one of them sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// Whether real messages may go this way; drills always may. Two holders of a passkey on each side
    /// are needed besides.
    pub live: bool,
    /// Who agrees.
    pub concur: Decider,
    /// Who sends; never the person who agreed.
    pub send: Decider,
    /// Only outside working hours.
    pub only_outside_working_hours: bool,
    /// Minutes after which a request ends by itself.
    pub request_minutes: u32,
    /// Minutes a chief may not answer before a deputy may act.
    pub deputy_minutes: u32,
    /// Per cent by which the number of recipients may have changed since it was agreed to.
    pub drift_percent: u32,
    /// One chief alone may send a prepared correction while both have signed for the year.
    pub canned_correction: bool,
    /// Codes from a sealed list may stand for the agreement when there is no data connection.
    pub phone_consent: bool,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}
