//! What a notice says. The words around the town's own are in `languages/*/childcare.ftl`.

use chrono::{Datelike, Days, NaiveDate};

use super::model::{Due, Rule};
use super::session::Session;
use crate::language::Language;

/// A notice as it reaches a resident: what the town says, when it can be had, and where to read more. It
/// says that the time has come, never what has not been done.
pub fn notice(language: Language, rule: &Rule, due: Due) -> String {
    let title = [("title", rule.title.clone().into())];
    let mut text = language.say("childcare-notice", &title);
    text.push('\n');
    if rule.text.is_empty() {
        text.push_str(&language.say("childcare-notice-fixed", &[]));
    } else {
        text.push_str(&rule.text);
    }
    let window = match &rule.session {
        Some(session) => Some(called(language, session)),
        None => window(language, due),
    };
    if let Some(window) = window {
        text.push_str("\n\n");
        text.push_str(&window);
    }
    if let Some(link) = &rule.link {
        text.push_str("\n\n");
        text.push_str(link);
    }
    text
}

/// When, where, and who: the exact birthdays, since of a child only the month is known.
fn called(language: Language, session: &Session) -> String {
    let birthday = |date: NaiveDate| {
        let values = [
            ("year", date.year().to_string().into()),
            ("month", date.month().to_string().into()),
            ("day", date.day().to_string().into()),
        ];
        language.say("childcare-birthday", &values)
    };
    let values = [
        ("day", language.date(session.held_on).into()),
        ("place", session.held_at.clone().into()),
        ("from", birthday(session.born_from).into()),
        ("until", birthday(session.born_to).into()),
    ];
    language.say("childcare-session", &values)
}

/// From when to when; of the child only the month is known, so months are what is said.
fn window(language: Language, due: Due) -> Option<String> {
    // What ends with a month's first day can be had in the month before.
    let last = due
        .until
        .and_then(|until| until.checked_sub_days(Days::new(1)));
    let value = |date: NaiveDate| month(language, date).into();
    Some(match (due.from, last) {
        (Some(from), Some(last)) => {
            let both = [("from", value(from)), ("until", value(last))];
            language.say("childcare-window", &both)
        }
        (Some(from), None) => language.say("childcare-window-from", &[("from", value(from))]),
        (None, Some(last)) => language.say("childcare-window-until", &[("until", value(last))]),
        (None, None) => return None,
    })
}

/// A month: 「2027年2月」, "2027-2".
pub fn month(language: Language, date: NaiveDate) -> String {
    // As words, so that no language puts separators into them.
    let values = [
        ("year", date.year().to_string().into()),
        ("month", date.month().to_string().into()),
    ];
    language.say("childcare-month", &values)
}
