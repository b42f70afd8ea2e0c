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
    /// Codes from a sealed list may stand for the agreement when there is no data connection. Not built: a policy that
    /// says yes is refused.
    pub phone_consent: bool,
    /// Who is called how, one rung after the other, until somebody answers.
    #[serde(rename = "rung")]
    pub ladder: Vec<Rung>,
    /// Which areas of official bulletins are the municipality; without it none prepares a draft.
    #[serde(default)]
    pub jma: Option<Jma>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// A rung of the ladder by which a side is called (呼出の順).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Seconds after the calling began.
    pub after_seconds: u32,
    /// Who is called.
    pub who: Called,
    /// By which channels, at once.
    pub by: Vec<Channel>,
}

/// Who is called on a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    /// The side's chief.
    Chief,
    /// The first who stands in for the chief.
    Deputy1,
    /// The second.
    Deputy2,
    /// The duty officers (当直), who telephone everybody else.
    Duty,
}

/// How somebody is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By mail.
    Mail,
    /// By Web Push, on the devices on which they allowed it.
    Push,
    /// By a text message.
    Sms,
    /// By a voice that telephones.
    Voice,
}

impl Channel {
    /// All there are, the quietest first.
    pub const ALL: [Self; 4] = [Self::Mail, Self::Push, Self::Sms, Self::Voice];

    /// Its name in policies and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Push => "push",
            Self::Sms => "sms",
            Self::Voice => "voice",
        }
    }

    /// The channel of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// The municipality as the Japan Meteorological Agency's bulletins know it (コード表,
/// <https://xml.kishou.go.jp/tec_material.html>).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jma {
    /// 全国地方公共団体コード: six digits, the last of which checks the others.
    pub municipality: String,
    /// Codes of its wards (市町村等, seven digits) where bulletins tell them apart.
    #[serde(default)]
    pub wards: Vec<String>,
    /// Its stretches of coast (津波予報区, three digits).
    #[serde(default)]
    pub coast: Vec<String>,
    /// The least 震度 in the municipality that prepares a draft: 3, 4, 5-, 5+, 6-, 6+ or 7.
    pub intensity: String,
}
