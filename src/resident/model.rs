//! What is held of a resident. Every field is optional, and "not answered" is a state of its own.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::clock::Instant;
use crate::ids::{AreaId, ResidentId};
use crate::language::Language;
use crate::line::UserId;

/// A resident.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident {
    /// Our number for them; zero until saved.
    pub id: ResidentId,
    /// LINE's name for them.
    pub line_user_id: UserId,
    /// Where they live.
    pub residence: Residence,
    /// What they read; Japanese until they choose.
    pub language: Option<Language>,
    /// When they wish to hear of garbage days.
    pub reminder: Option<GarbageReminder>,
    /// Ids of the topics they chose; `None` until they answered.
    pub topics: Option<BTreeSet<String>>,
    /// Their children; `None` until they answered.
    pub children: Option<BTreeSet<Child>>,
    /// How large the letters of their menu are; as usual until they choose.
    pub letters: Option<Letters>,
    /// What they agreed to.
    pub consent: Option<Consent>,
    /// Whether the account may write to them.
    pub reachable: bool,
    /// How often they were changed when they were loaded.
    pub(super) revision: i64,
}

/// How large the letters of the menu under the chat are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Letters {
    /// As most people see them.
    #[default]
    Usual,
    /// Half as large again, with fewer words.
    Large,
}

/// Where a resident lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residence {
    /// They have not said.
    Unanswered,
    /// In this area.
    Area(AreaId),
    /// In another municipality.
    Outside,
}

/// When garbage reminders reach a resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GarbageReminder {
    /// Never: an answer, unlike no answer.
    Never,
    /// At this hour of Japan's clock.
    At(ReminderDay, NaiveTime),
}

/// Which day's clock a reminder follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReminderDay {
    /// The day before the collection.
    Before,
    /// The day of the collection.
    Same,
}

/// A child, or one to come. Twins share one: notices are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Child {
    /// The month of birth, or of the due date. The day is not asked.
    pub month: Month,
    /// Which of the two.
    pub kind: ChildKind,
}

/// Most children of one resident: all of them fit the card that shows them.
pub const MAX_CHILDREN: usize = 10;

/// Whether the child is born.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChildKind {
    /// Born in the month.
    Born,
    /// Due in the month.
    Due,
}

/// A civil month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

/// Agreement to what is asked and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The policy's version they were shown.
    pub version: String,
    /// When they agreed.
    pub at: Instant,
}

/// A text that does not say what its place asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {expected}")]
pub struct Unreadable {
    given: String,
    expected: &'static str,
}

impl Resident {
    /// Somebody of whom nothing is held yet.
    pub fn stranger(line_user_id: UserId) -> Self {
        Self {
            id: ResidentId(0),
            line_user_id,
            residence: Residence::Unanswered,
            language: None,
            reminder: None,
            topics: None,
            children: None,
            letters: None,
            consent: None,
            reachable: true,
            revision: 0,
        }
    }

    /// The language to speak to them.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::japanese)
    }

    /// Their area, if they live in one.
    pub fn area(&self) -> Option<AreaId> {
        match self.residence {
            Residence::Area(area) => Some(area),
            Residence::Unanswered | Residence::Outside => None,
        }
    }

    /// Whether they agreed and answered at least where they live.
    pub fn is_registered(&self) -> bool {
        self.consent.is_some() && self.residence != Residence::Unanswered
    }
}

impl Letters {
    /// The word in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Large => "large",
        }
    }

    /// Reads the word in data.
    ///
    /// # Errors
    /// It is neither `usual` nor `large`.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        match text {
            "usual" => Ok(Self::Usual),
            "large" => Ok(Self::Large),
            _ => Err(Unreadable {
                given: text.to_owned(),
                expected: "`usual` or `large`",
            }),
        }
    }
}

impl GarbageReminder {
    const EXPECTED: &str = "a reminder hour; write `none`, `before-19:00` (the evening before), `same-07:00` (that day), \
                            or a bare hour, where noon and later mean the day before";

    /// Reads `none`, `before-19:00`, `same-07:00`, or a bare hour (`19`, `19:00`) of which noon and
    /// later mean the day before.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::Never);
        }
        let unreadable = || Unreadable {
            given: text.to_owned(),
            expected: Self::EXPECTED,
        };
        let (day, hour) = match text.split_once('-') {
            Some(("before", hour)) => (Some(ReminderDay::Before), hour),
            Some(("same", hour)) => (Some(ReminderDay::Same), hour),
            Some(_) => return Err(unreadable()),
            None => (None, text),
        };
        let time = match hour.parse::<u32>() {
            Ok(whole) => NaiveTime::from_hms_opt(whole, 0, 0),
            Err(_) => NaiveTime::parse_from_str(hour, "%H:%M").ok(),
        }
        .ok_or_else(unreadable)?;
        let usual = if time.hour() >= 12 {
            ReminderDay::Before
        } else {
            ReminderDay::Same
        };
        Ok(Self::At(day.unwrap_or(usual), time))
    }
}

impl fmt::Display for GarbageReminder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("none"),
            Self::At(ReminderDay::Before, time) => write!(f, "before-{}", time.format("%H:%M")),
            Self::At(ReminderDay::Same, time) => write!(f, "same-{}", time.format("%H:%M")),
        }
    }
}

impl Month {
    /// The month `date` lies in.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).unwrap_or(date))
    }

    /// Reads `2026-11`.
    ///
    /// # Errors
    /// It is no month.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        NaiveDate::parse_from_str(&format!("{}-01", text.trim()), "%Y-%m-%d")
            .map(Self)
            .map_err(|_| Unreadable {
                given: text.to_owned(),
                expected: "a month; write it like 2024-05",
            })
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl ChildKind {
    /// The word in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Born => "birth",
            Self::Due => "due",
        }
    }

    /// Reads the word in data.
    ///
    /// # Errors
    /// It is neither `birth` nor `due`.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        match text {
            "birth" => Ok(Self::Born),
            "due" => Ok(Self::Due),
            _ => Err(Unreadable {
                given: text.to_owned(),
                expected: "`birth` or `due`",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reminder(text: &str) -> String {
        GarbageReminder::parse(text).map_or_else(|e| e.to_string(), |r| r.to_string())
    }

    #[test]
    fn an_hour_is_read_as_towns_write_it() {
        for (given, meant) in [
            ("none", "none"),
            ("19", "before-19:00"),
            ("19:30", "before-19:30"),
            ("7", "same-07:00"),
            ("06:00", "same-06:00"),
            ("same-18:00", "same-18:00"),
            (" before-20:00 ", "before-20:00"),
        ] {
            assert_eq!(reminder(given), meant);
        }
        for odd in ["", "24", "evening", "after-19:00", "19:60"] {
            assert!(reminder(odd).contains("is not a reminder hour"), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn a_reminder_reads_back(before in any::<bool>(), hour in 0u32..24, minute in 0u32..60) {
            let day = if before { ReminderDay::Before } else { ReminderDay::Same };
            let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
            let reminder = GarbageReminder::At(day, time);
            prop_assert_eq!(GarbageReminder::parse(&reminder.to_string()), Ok(reminder));
        }

        #[test]
        fn a_month_reads_back(year in 1990i32..2100, month in 1u32..=12) {
            let month = Month::of(NaiveDate::from_ymd_opt(year, month, 17).unwrap_or_default());
            prop_assert_eq!(Month::parse(&month.to_string()), Ok(month));
        }
    }
}
