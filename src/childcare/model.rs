//! A rule of the timetable: when a notice comes for a child, and what it says.

use chrono::NaiveDate;

use super::anchor::Anchor;
use super::offset::Offset;
use super::session::Session;
use crate::resident::Child;

/// What binds the town to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// A law says so (法定).
    Statutory,
    /// The state recommends it (勧奨).
    Recommended,
    /// The town's own (任意).
    #[default]
    Optional,
}

/// One version of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Its name in data, the same in all versions: `checkup-18m`.
    pub code: String,
    /// The heading it stands under: 健診, 予防接種.
    pub stage: String,
    /// What the notice is about.
    pub title: String,
    /// From which day it counts.
    pub anchor: Anchor,
    /// When the notice comes, from that day.
    pub notify_at: Offset,
    /// From when on what it is about can be had.
    pub window_start: Option<Offset>,
    /// The first day on which it cannot be had any more: 「1歳まで」 is the day before, so this is the birthday.
    pub window_end: Option<Offset>,
    /// The day to which children are called, if there is one. It is counted from that day then, and what it is
    /// about is had on it.
    pub session: Option<Session>,
    /// What binds the town to it.
    pub level: Level,
    /// Whether it comes unless a resident says otherwise.
    pub default_on: bool,
    /// The topic a resident must have chosen; none when having a child is enough.
    pub topic: Option<String>,
    /// What the notice says; the fixed sentence when empty.
    pub text: String,
    /// Where to read more.
    pub link: Option<String>,
    /// Labels of the districts or areas in which it holds; everywhere when empty.
    pub areas: Vec<String>,
    /// What staff should know: the law, what to check each year.
    pub note: Option<String>,
    /// The first day on which this version holds; always has, when none.
    pub effective_from: Option<NaiveDate>,
    /// The last day on which this version holds; until further notice, when none.
    pub effective_to: Option<NaiveDate>,
}

/// A notice that comes for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The day on which it comes.
    pub on: NaiveDate,
    /// The first day on which what it is about can be had.
    pub from: Option<NaiveDate>,
    /// The first day on which it cannot be had any more.
    pub until: Option<NaiveDate>,
}

/// A rule as somebody wrote it, field by field, in a file or a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each is the text of the Rule's field of that name"
)]
pub struct Written {
    pub code: String,
    pub stage: String,
    pub title: String,
    pub anchor: String,
    pub notify_at: String,
    pub window_start: String,
    pub window_end: String,
    pub level: String,
    pub default_on: bool,
    pub topic: String,
    pub text: String,
    pub link: String,
    pub areas: String,
    pub note: String,
    pub effective_from: String,
    pub effective_to: String,
    pub held_on: String,
    pub held_at: String,
    pub born_from: String,
    pub born_to: String,
}

impl Level {
    /// Every level, the most binding first.
    pub const ALL: [Self; 3] = [Self::Statutory, Self::Recommended, Self::Optional];

    /// The word in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Statutory => "statutory",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
        }
    }

    /// The word in files and on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Statutory => "法定",
            Self::Recommended => "勧奨",
            Self::Optional => "任意",
        }
    }

    /// Reads either word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| [level.as_str(), level.label()].contains(&text))
    }
}

impl Rule {
    /// The notices that come for `child` by this version, whether or not it holds on their days. There is
    /// more than one only where something comes again each April.
    pub fn due(&self, child: &Child) -> Vec<Due> {
        if let Some(session) = &self.session {
            let due = Due {
                on: self.notify_at.from(session.held_on),
                from: Some(session.held_on),
                until: session.held_on.succ_opt(),
            };
            return session.calls(child).then_some(due).into_iter().collect();
        }
        let due = |day: NaiveDate| Due {
            on: self.notify_at.from(day),
            from: self.window_start.map(|offset| offset.from(day)),
            until: self.window_end.map(|offset| offset.from(day)),
        };
        self.anchor.days_of(child).into_iter().map(due).collect()
    }

    /// The day from which a notice that comes on `day` counts, whoever it comes for; of children months are
    /// known, so it is a month's first, or the day to which they are called.
    pub fn counts_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        match &self.session {
            Some(session) => {
                let comes = self.notify_at.from(session.held_on) == day;
                comes.then_some(session.held_on)
            }
            None => self.notify_at.back_to_a_first(day),
        }
    }

    /// Whether this version holds on `date`.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.effective_from.is_none_or(|first| first <= date)
            && self.effective_to.is_none_or(|last| date <= last)
    }

    /// Whether both hold on some same day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_by = |a: &Self, b: &Self| match (a.effective_from, b.effective_to) {
            (Some(first), Some(last)) => first <= last,
            _ => true,
        };
        begins_by(self, other) && begins_by(other, self)
    }
}
