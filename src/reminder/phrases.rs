//! Every sentence of a reminder. The words are in `languages/*/reminder.ftl`, and in those of what is reminded of.

use super::garbage::Day;
use crate::garbage::{Collection, phrases};
use crate::language::Language;
use crate::resident::ReminderDay;

/// What is said of a day's collections; nothing of a day without any, and without any missing.
pub(super) fn garbage(language: Language, when: ReminderDay, day: &Day<'_>) -> Option<String> {
    let mut lines = Vec::new();
    if !day.collected.is_empty() {
        lines.push(match when {
            ReminderDay::Before => phrases::tomorrow(language, day.date, &day.collected),
            ReminderDay::Same => phrases::today(language, day.date, &day.collected),
        });
    }
    if !day.moved_here.is_empty() {
        let moved = [(
            "categories",
            phrases::names(language, &day.moved_here).into(),
        )];
        lines.push(language.say("garbage-reminder-other-day", &moved));
    }
    if !day.missing.is_empty() {
        let missing: Vec<Collection<'_>> = day
            .missing
            .iter()
            .map(|(category, _)| Collection {
                date: day.date,
                category,
            })
            .collect();
        let values = [
            ("date", language.date(day.date).into()),
            ("categories", phrases::names(language, &missing).into()),
        ];
        lines.push(language.say("garbage-reminder-missing", &values));
        let next = day.missing.iter();
        lines.extend(next.map(|(category, next)| phrases::next(language, category, *next)));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
