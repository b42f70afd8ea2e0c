//! Every sentence of a reminder. The words are in `languages/*/reminder.ftl`, and in those of what is reminded of.

use chrono::NaiveDate;

use super::garbage::Day;
use super::model::{Group, Occasion};
use super::notice::{Case, Sample};
use crate::garbage::{Category, Collection, phrases};
use crate::language::Language;
use crate::line::message::{Action, Message, MessageError, QuickReplies};
use crate::resident::ReminderDay;

/// Why an approval ended: the rule says something else now.
pub(super) const CHANGED: &str = "決裁のあとで内容が変わったため";
/// Why an approval ended: the rule is no more.
pub(super) const GONE: &str = "お知らせの決まりがなくなったため";

/// The data of the button that stops everything about children, and of the one that asks for another hour.
/// `conversation::intent` reads both.
const STOP_CHILDREN: &str = "1/stop-children";
const CHANGE_HOUR: &str = "1/ask/reminder";

/// What a group reads, with the way to stop it under it.
pub(super) fn message(occasion: &Occasion, group: &Group) -> Result<Message, MessageError> {
    let (label, data) = match occasion {
        Occasion::Garbage { .. } => (change_hour(group.language), CHANGE_HOUR),
        Occasion::Childcare { .. } => (stop_childcare(group.language), STOP_CHILDREN),
    };
    let offer = Action::postback(&label, data)?.display_text(&label)?;
    Ok(Message::text(&group.message)?.quick_replies(QuickReplies::new(vec![offer])?))
}

/// Stops everything about children with one tap, without a question.
pub(super) fn stop_childcare(language: Language) -> String {
    language.say("reminder-stop-children", &[])
}

fn change_hour(language: Language) -> String {
    language.say("reminder-change-hour", &[])
}

/// What is said of garbage days, for days that never change and a category nobody has.
pub(super) fn garbage_samples() -> Vec<Sample> {
    let category = Category {
        label: "もやすごみ".to_owned(),
        names: [("en".to_owned(), "Burnable waste".to_owned())].into(),
        ..Category::default()
    };
    // A Monday in April 2026.
    let date = NaiveDate::from_ymd_opt(2026, 4, 6).unwrap_or_default();
    let collection = Collection {
        date,
        category: &category,
    };
    let ordinary = Day {
        date,
        collected: vec![collection],
        moved_here: Vec::new(),
        missing: Vec::new(),
    };
    let moved = Day {
        moved_here: vec![collection],
        ..ordinary.clone()
    };
    let missing = Day {
        collected: Vec::new(),
        missing: vec![(&category, date.succ_opt())],
        ..ordinary.clone()
    };
    let cases = [
        (Case::EveningBefore, ReminderDay::Before, &ordinary),
        (Case::ThatMorning, ReminderDay::Same, &ordinary),
        (Case::MovedHere, ReminderDay::Before, &moved),
        (Case::Missing, ReminderDay::Before, &missing),
    ];
    let said = cases.into_iter().flat_map(|(case, when, day)| {
        Language::all().filter_map(move |language| {
            Some(Sample {
                case,
                language: language.code().to_owned(),
                text: garbage(language, when, day)?,
                offers: change_hour(language),
            })
        })
    });
    said.collect()
}

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::resident::{Child, ChildKind, GarbageReminder, Month};

    #[test]
    fn line_takes_it_in_every_language() {
        let month = Month::of(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap());
        let kind = ChildKind::Born;
        let occasions = [
            Occasion::Garbage {
                day: NaiveDate::from_ymd_opt(2026, 4, 6).unwrap(),
                hour: GarbageReminder::parse("before-19:00").unwrap(),
            },
            Occasion::Childcare {
                rule: "checkup".into(),
                child: Child { month, kind },
                nth: 0,
            },
        ];
        for language in Language::all() {
            let group = Group {
                language,
                areas: None,
                topic: None,
                message: "words".into(),
            };
            for occasion in &occasions {
                message(occasion, &group).unwrap();
            }
        }
        let samples = garbage_samples();
        assert_eq!(samples.len(), 4 * Language::all().count());
        assert!(
            samples
                .iter()
                .all(|sample| !sample.text.contains("reminder-"))
        );
    }
}
