//! From which day a rule counts.

use chrono::{Datelike, Days, NaiveDate};

use crate::resident::{Child, ChildKind};

/// Age, in years of school counted from birth, in which children enter school.
const ENTRY_YEARS: i32 = 7;

/// From which day a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Anchor {
    /// The due date: 40 weeks and 0 days.
    Due,
    /// The birth.
    #[default]
    Birth,
    /// Each 1 April after the birth, until the child goes to school: nurseries take children in then.
    AprilEntry,
    /// The 1 April on which the child enters school.
    SchoolEntry,
}

impl Anchor {
    /// Every anchor, in the order in which a child meets them.
    pub const ALL: [Self; 4] = [Self::Due, Self::Birth, Self::AprilEntry, Self::SchoolEntry];

    /// The word in data and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due_date",
            Self::Birth => "birth_date",
            Self::AprilEntry => "april_entry",
            Self::SchoolEntry => "school_entry",
        }
    }

    /// Reads the word in data and files.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|anchor| anchor.as_str() == text)
    }

    /// The days of a child from which is counted; none where this child has no such day. Of a child only
    /// the month is known: days count from its first. School years part at 2 April, so there the
    /// month stands for its second.
    pub(super) fn days_of(self, child: &Child) -> Vec<NaiveDate> {
        let first = child.month.first_day();
        let entry = school_entry(first + Days::new(1));
        match (self, child.kind) {
            (Self::Due, ChildKind::Due) | (Self::Birth, ChildKind::Born) => vec![first],
            (Self::SchoolEntry, ChildKind::Born) => vec![entry],
            (Self::AprilEntry, ChildKind::Born) => (first.year()..entry.year())
                .map(first_of_april)
                .filter(|april| *april > first)
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The day on which a child born on `birth` enters school: who is born from 2 April of a year to 1 April
/// of the next, seven years after that 1 April (School Education Act, article 17; an age is reached
/// at the end of the day before the birthday).
pub fn school_entry(birth: NaiveDate) -> NaiveDate {
    let before = (birth.month(), birth.day()) <= (4, 1);
    first_of_april(birth.year() - i32::from(before) + ENTRY_YEARS)
}

fn first_of_april(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::Months;
    use proptest::prelude::*;

    use super::*;
    use crate::resident::Month;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn born(month: &str) -> Child {
        Child {
            kind: ChildKind::Born,
            month: Month::parse(month).unwrap(),
        }
    }

    #[test]
    fn the_school_year_parts_between_1_and_2_april() {
        assert_eq!(school_entry(day("2020-04-01")), day("2026-04-01"));
        assert_eq!(school_entry(day("2020-04-02")), day("2027-04-01"));
        assert_eq!(school_entry(day("2021-03-31")), day("2027-04-01"));
        // Of whom only April is known, nearly all belong to the year that begins.
        assert_eq!(
            Anchor::SchoolEntry.days_of(&born("2020-04")),
            [day("2027-04-01")]
        );
        assert_eq!(
            Anchor::SchoolEntry.days_of(&born("2020-03")),
            [day("2026-04-01")]
        );
    }

    #[test]
    fn nurseries_take_in_each_april_until_school() {
        let aprils = Anchor::AprilEntry.days_of(&born("2025-08"));
        assert_eq!(aprils.len(), 6);
        assert_eq!(
            (aprils[0], aprils[5]),
            (day("2026-04-01"), day("2031-04-01"))
        );
        assert_eq!(school_entry(day("2025-08-02")), day("2032-04-01"));
    }

    #[test]
    fn a_child_to_come_has_a_due_date_and_nothing_else() {
        let due = Child {
            kind: ChildKind::Due,
            ..born("2027-01")
        };
        assert_eq!(Anchor::Due.days_of(&due), [day("2027-01-01")]);
        for anchor in [Anchor::Birth, Anchor::AprilEntry, Anchor::SchoolEntry] {
            assert!(anchor.days_of(&due).is_empty(), "{anchor:?}");
        }
        assert!(Anchor::Due.days_of(&born("2027-01")).is_empty());
    }

    proptest! {
        #[test]
        fn children_enter_school_at_six(after in 0u64..20_000) {
            let birth = day("2000-01-01") + Days::new(after);
            let entry = school_entry(birth);
            prop_assert!(birth + Months::new(6 * 12) <= entry);
            prop_assert!(entry < birth + Months::new(7 * 12));
            prop_assert_eq!((entry.month(), entry.day()), (4, 1));
        }

        #[test]
        fn who_is_born_a_day_later_never_enters_earlier(after in 0u64..20_000) {
            let birth = day("2000-01-01") + Days::new(after);
            prop_assert!(school_entry(birth) <= school_entry(birth + Days::new(1)));
        }
    }
}
