//! What a segment says, as data: facts about residents, joined by and, or and not.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::language::Language;
use crate::resident::{GarbageReminder, Month};

/// A description of residents. It names places and topics by the words that staff use, and is looked up
/// when somebody counts or sends: [`crate::segment::select`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Everybody.
    Everyone,
    /// Those of whom this is true.
    Is(Fact),
    /// Everybody else.
    Not(Box<Segment>),
    /// Those who are in each of these; none of these is an [`Segment::All`].
    All(Vec<Segment>),
    /// Those who are in one of these; none of these is an [`Segment::Any`].
    Any(Vec<Segment>),
}

/// Something that is true of a resident, or not. What somebody has not said is not true of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// They live in an area of this district.
    District(String),
    /// They live in the area called `AREA` or `DISTRICT/AREA`.
    Area(String),
    /// They chose the topic with this id.
    Topic(String),
    /// They have a child so many completed months old on the day of sending.
    Child(Span<u32>),
    /// They have a child born in one of these months.
    Born(Span<Month>),
    /// They expect a child in one of these months.
    Due(Span<Month>),
    /// They read this language; Japanese, if they have not chosen.
    Language(Language),
    /// The account met them on one of these days, by Japan's calendar.
    Registered(Span<NaiveDate>),
    /// They wish to hear of garbage days at this hour.
    Reminder(GarbageReminder),
}

/// From one value to another, both included; at least one end is given, and they stand in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<T> {
    from: Option<T>,
    to: Option<T>,
}

/// The words before the colon, with what stands behind it.
pub(super) const FIELDS: [(&str, &str); 9] = [
    ("district", "a district's name"),
    ("area", "an area's name"),
    ("topic", "a topic's id"),
    ("child", "months of age, such as 0..36"),
    ("born", "months, such as 2025-04..2025-06"),
    ("due", "months, such as 2027-01..2027-03"),
    ("language", "a language's code, such as en"),
    ("registered", "days, such as 2026-04-01.."),
    ("reminder", "an hour, such as before-19:00"),
];

impl<T: PartialOrd + Copy> Span<T> {
    /// From `from` to `to`; nothing when both are open or they stand in the wrong order.
    pub fn new(from: Option<T>, to: Option<T>) -> Option<Self> {
        let sound = match (from, to) {
            (None, None) => false,
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        sound.then_some(Self { from, to })
    }

    /// This one value.
    pub fn only(value: T) -> Self {
        Self {
            from: Some(value),
            to: Some(value),
        }
    }

    /// The first value, if it begins somewhere.
    pub fn from(&self) -> Option<T> {
        self.from
    }

    /// The last value, if it ends somewhere.
    pub fn to(&self) -> Option<T> {
        self.to
    }

    /// The same span in other values, which keep the order.
    pub(super) fn map<U>(self, to_other: impl Fn(T) -> U) -> Span<U> {
        Span {
            from: self.from.map(&to_other),
            to: self.to.map(to_other),
        }
    }
}

impl Segment {
    /// Those who are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = match self {
            Self::All(all) => all,
            one => vec![one],
        };
        match other {
            Self::All(more) => all.extend(more),
            one => all.push(one),
        }
        Self::All(all)
    }

    /// Those who are in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut any = match self {
            Self::Any(any) => any,
            one => vec![one],
        };
        match other {
            Self::Any(more) => any.extend(more),
            one => any.push(one),
        }
        Self::Any(any)
    }

    /// Everybody else.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "beside `and` and `or`")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Every fact it speaks of, in order.
    pub fn facts(&self) -> Vec<&Fact> {
        match self {
            Self::Everyone => Vec::new(),
            Self::Is(fact) => vec![fact],
            Self::Not(inner) => inner.facts(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
        }
    }
}

impl From<Fact> for Segment {
    fn from(fact: Fact) -> Self {
        Self::Is(fact)
    }
}

impl Fact {
    /// The word before the colon.
    pub fn field(&self) -> &'static str {
        match self {
            Self::District(_) => "district",
            Self::Area(_) => "area",
            Self::Topic(_) => "topic",
            Self::Child(_) => "child",
            Self::Born(_) => "born",
            Self::Due(_) => "due",
            Self::Language(_) => "language",
            Self::Registered(_) => "registered",
            Self::Reminder(_) => "reminder",
        }
    }
}

/// The months of birth of those who are so many months old in the month of `today`: a child is a month
/// older with each month, since the day of its birth is not asked.
pub(super) fn births(ages: Span<u32>, today: NaiveDate) -> Span<i32> {
    let this_month = today.year() * 12 + today.month0().cast_signed();
    let born = |age: u32| {
        let month = this_month - i32::try_from(age).unwrap_or(i32::MAX / 2);
        month.div_euclid(12) * 100 + month.rem_euclid(12) + 1
    };
    Span {
        from: ages.to.map(born),
        // Nobody is born in a month to come: down to the youngest, only the beginning need be asked for.
        to: ages.from.filter(|age| *age > 0).map(born),
    }
}

/// Text that [`crate::segment::parse`] reads back to the same segment.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Is(fact) => fact.fmt(f),
            Self::Not(inner) => {
                f.write_str("not ")?;
                inner.fmt_within(f, matches!(**inner, Self::All(_) | Self::Any(_)))
            }
            Self::All(parts) => join(f, parts, " and ", |part| matches!(part, Self::Any(_))),
            Self::Any(parts) => join(f, parts, " or ", |_| false),
        }
    }
}

impl Segment {
    fn fmt_within(&self, f: &mut fmt::Formatter<'_>, brackets: bool) -> fmt::Result {
        match brackets {
            true => write!(f, "({self})"),
            false => fmt::Display::fmt(self, f),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Segment],
    word: &str,
    brackets: impl Fn(&Segment) -> bool,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        part.fmt_within(f, brackets(part))?;
    }
    Ok(())
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.field())?;
        match self {
            Self::District(name) | Self::Area(name) | Self::Topic(name) => fmt_name(f, name),
            Self::Child(ages) => ages.fmt(f),
            Self::Born(months) | Self::Due(months) => months.fmt(f),
            Self::Language(language) => f.write_str(language.code()),
            Self::Registered(days) => days.fmt(f),
            Self::Reminder(hour) => hour.fmt(f),
        }
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<T>| end.as_ref().map(T::to_string).unwrap_or_default();
        match self.from == self.to {
            true => f.write_str(&end(&self.from)),
            false => write!(f, "{}..{}", end(&self.from), end(&self.to)),
        }
    }
}

/// A name as it is, or between quotation marks where the grammar would read it otherwise.
fn fmt_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if !name.is_empty() && name.chars().all(super::parse::stands_in_word) {
        return f.write_str(name);
    }
    f.write_str("\"")?;
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}
