//! All rules in all their versions.

use chrono::{Days, NaiveDate};

use super::model::{Due, Rule};
use crate::resident::Child;

/// Every version of every rule, in the town's order; no two versions of a rule hold on the same day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable {
    rules: Vec<Rule>,
}

impl Timetable {
    /// A timetable of `rules`, which keep their order.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// Every version.
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The versions of one rule, the oldest first.
    pub fn versions(&self, code: &str) -> Vec<&Rule> {
        let mut versions: Vec<&Rule> = self.rules.iter().filter(|r| r.code == code).collect();
        versions.sort_by_key(|rule| rule.effective_from);
        versions
    }

    /// The rules that hold on `date`.
    pub fn in_force(&self, date: NaiveDate) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.holds_on(date))
    }

    /// The notices that come for `child`, in the order of their days, each by the version that holds on
    /// its day.
    pub fn due(&self, child: &Child) -> Vec<(&Rule, Due)> {
        let mut coming: Vec<(&Rule, Due)> = self
            .rules
            .iter()
            .flat_map(|rule| rule.due(child).into_iter().map(move |due| (rule, due)))
            .filter(|(rule, due)| rule.holds_on(due.on))
            .collect();
        coming.sort_by_key(|(_, due)| due.on); // stable: the town's order within a day
        coming
    }

    /// The versions of `rule.code` once it is as `rule` says from `first` on: what holds until then ends
    /// the day before, what was planned from then on is replaced.
    pub(super) fn changed_from(&self, rule: Rule, first: NaiveDate) -> Vec<Rule> {
        let mut versions = self.ended_after(&rule.code, first - Days::new(1));
        versions.push(Rule {
            effective_from: Some(first),
            ..rule
        });
        versions
    }

    /// The versions of a rule that ends with `last`.
    pub(super) fn ended_after(&self, code: &str, last: NaiveDate) -> Vec<Rule> {
        let begun = |rule: &&Rule| rule.effective_from.is_none_or(|first| first <= last);
        let mut versions: Vec<Rule> = self
            .versions(code)
            .into_iter()
            .filter(begun)
            .cloned()
            .collect();
        if let Some(newest) = versions.last_mut() {
            newest.effective_to = Some(newest.effective_to.map_or(last, |ends| ends.min(last)));
        }
        versions
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::resident::{ChildKind, Month};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rule(title: &str, notify_at: &str) -> Rule {
        Rule {
            code: "vaccine".into(),
            title: title.into(),
            notify_at: notify_at.parse().unwrap(),
            ..Rule::default()
        }
    }

    #[test]
    fn a_new_version_holds_from_its_day_and_the_old_one_until_then() {
        let old = Timetable::new(vec![rule("四種混合", "P3M")]);
        let new = Timetable::new(old.changed_from(rule("五種混合", "P2M"), day("2024-04-01")));
        let held: Vec<_> = new
            .versions("vaccine")
            .iter()
            .map(|rule| (rule.title.as_str(), rule.effective_from, rule.effective_to))
            .collect();
        assert_eq!(
            held,
            [
                ("四種混合", None, Some(day("2024-03-31"))),
                ("五種混合", Some(day("2024-04-01")), None)
            ]
        );
        // Said again for the same day, it replaces what was planned.
        let again =
            Timetable::new(new.changed_from(rule("五種混合（改）", "P2M"), day("2024-04-01")));
        assert_eq!(again.versions("vaccine").len(), 2);
        let ended = Timetable::new(again.ended_after("vaccine", day("2023-12-31")));
        assert_eq!(ended.versions("vaccine").len(), 1);
        assert!(ended.in_force(day("2024-01-01")).next().is_none());
    }

    proptest! {
        #[test]
        fn a_change_never_leaves_two_versions_for_one_day(changes in proptest::collection::vec((0u64..2000, 0u64..2000), 1..6), probe in 0u64..2500) {
            let start = day("2024-01-01");
            let mut table = Timetable::new(vec![rule("0", "P3M")]);
            for (first, months) in &changes {
                let rule = rule(&first.to_string(), &format!("P{}M", months % 24));
                table = Timetable::new(table.changed_from(rule, start + Days::new(*first)));
            }
            prop_assert_eq!(table.in_force(start + Days::new(probe)).count(), 1);
            // The day of the last change is its own.
            let (first, _) = changes.last().unwrap();
            let title = table.in_force(start + Days::new(*first)).next().map(|rule| rule.title.clone());
            prop_assert_eq!(title, Some(first.to_string()));
        }

        #[test]
        fn notices_come_in_order_and_only_by_versions_that_hold(year in 2015i32..2030, month in 1u32..=12, change in 0u64..4000) {
            let table = Timetable::new(vec![rule("0", "P3M")]);
            let table = Timetable::new(table.changed_from(rule("1", "P5M"), day("2015-01-01") + Days::new(change)));
            let child = Child { kind: ChildKind::Born, month: Month::parse(&format!("{year}-{month:02}")).unwrap() };
            let due = table.due(&child);
            prop_assert!(due.windows(2).all(|pair| pair[0].1.on <= pair[1].1.on));
            prop_assert!(due.iter().all(|(rule, due)| rule.holds_on(due.on)));
        }
    }
}
