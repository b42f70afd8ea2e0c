//! A day to which children are called together: by their birthdays, not at an age.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::file::{TITLE_MAX, day, given};
use super::model::Written;
use crate::resident::{Child, ChildKind, Month};

/// A day to which the children born on certain days are called together (集団健診).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The day.
    pub held_on: NaiveDate,
    /// Where, and from when to when.
    pub held_at: String,
    /// The first birthday that is called.
    pub born_from: NaiveDate,
    /// The last.
    pub born_to: NaiveDate,
}

impl Session {
    /// Whether `child` may be among those called: of a child only the month is known.
    pub fn calls(&self, child: &Child) -> bool {
        let months = Month::of(self.born_from)..=Month::of(self.born_to);
        child.kind == ChildKind::Born && months.contains(&child.month)
    }

    /// The one that is written, if any is.
    pub(super) fn read(
        written: &Written,
        fault: &mut dyn FnMut(&'static str, Fault),
    ) -> Option<Self> {
        let fields = [
            ("held_on", &written.held_on),
            ("held_at", &written.held_at),
            ("born_from", &written.born_from),
            ("born_to", &written.born_to),
        ];
        let missing: Vec<&'static str> = fields
            .iter()
            .filter(|(_, text)| given(text).is_none())
            .map(|(field, _)| *field)
            .collect();
        match missing.len() {
            0 => {}
            4 => return None,
            _ => {
                missing
                    .into_iter()
                    .for_each(|field| fault(field, Fault::PartOfSession));
                return None;
            }
        }
        let found = written.held_at.chars().count();
        if found > TITLE_MAX {
            let most = TITLE_MAX;
            fault("held_at", Fault::TooLong { found, most });
        }
        let mut date = |field: &'static str, text: &str| day(field, text, fault);
        let held_on = date("held_on", &written.held_on);
        let born_from = date("born_from", &written.born_from);
        let born_to = date("born_to", &written.born_to);
        let (held_on, born_from, born_to) = (held_on?, born_from?, born_to?);
        for (field, last, first) in [
            ("born_to", born_to, born_from),
            ("held_on", held_on, born_to),
        ] {
            if last < first {
                fault(field, Fault::EndsFirst { last, first });
            }
        }
        Some(Self {
            held_on,
            held_at: written.held_at.trim().to_owned(),
            born_from,
            born_to,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::childcare::{Due, Rule, phrases};
    use crate::language::Language;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn checkup() -> Rule {
        Rule {
            title: "4か月児健診".into(),
            text: "母子健康手帳をお持ちください。".into(),
            notify_at: "-P1M".parse().unwrap(),
            session: Some(Session {
                held_on: day("2026-12-03"),
                held_at: "保健センター 13:00〜14:00".into(),
                born_from: day("2026-07-04"),
                born_to: day("2026-08-12"),
            }),
            ..Rule::default()
        }
    }

    #[test]
    fn whoever_may_be_born_on_those_days_is_called_once_and_before() {
        let due = |kind: ChildKind, month: &str| {
            let month = Month::parse(month).unwrap();
            checkup().due(&Child { kind, month })
        };
        let called = Due {
            on: day("2026-11-03"),
            from: Some(day("2026-12-03")),
            until: Some(day("2026-12-04")),
        };
        for month in ["2026-07", "2026-08"] {
            assert_eq!(due(ChildKind::Born, month), [called]);
        }
        for (kind, month) in [
            (ChildKind::Born, "2026-06"),
            (ChildKind::Born, "2026-09"),
            (ChildKind::Due, "2026-08"),
        ] {
            assert_eq!(due(kind, month), []);
        }
    }

    #[test]
    fn the_notice_says_when_where_and_who() {
        let rule = checkup();
        let child = Child {
            kind: ChildKind::Born,
            month: Month::parse("2026-08").unwrap(),
        };
        let due = rule.due(&child)[0];
        assert_eq!(
            phrases::notice(Language::japanese(), &rule, due),
            "【4か月児健診】\n母子健康手帳をお持ちください。\n\nとき：12月3日(木)\nところ：保健センター 13:00〜14:00\n\
             対象：2026年7月4日から2026年8月12日までに生まれたお子さん"
        );
        let english = Language::parse("en").unwrap();
        let said = phrases::notice(english, &rule, due);
        assert!(
            said.ends_with("When: Thu, 3 Dec\nWhere: 保健センター 13:00〜14:00\nFor children born from 2026-7-4 to 2026-8-12"),
            "{said}"
        );
    }
}
