//! What is read out of forms about people, and asked for with them.

use chrono::NaiveDate;

use super::words;
use crate::console::{Desk, Visitor};
use crate::ids::CountersignId;
use crate::staff::countersign::{self, Ask, CountersignError};
use crate::staff::people::{End, PeopleError, Post, Roster, Term};
use crate::web::{Choice, Errors, Flash, Refusal, redirect};

/// Latest year taken for a date: a fifth digit is a slip.
const LAST_YEAR: i32 = 2199;

/// A date field's value; an empty field is `None`.
pub fn date(errors: &mut Errors, field: &'static str, text: &str) -> Option<NaiveDate> {
    use chrono::Datelike;
    if text.is_empty() {
        return None;
    }
    let date = text.parse().ok();
    let date = date.filter(|date: &NaiveDate| (2000..=LAST_YEAR).contains(&date.year()));
    if date.is_none() {
        errors.add(
            field,
            "日付は「2027-04-01」のように、2000年から2199年までで入力してください。",
        );
    }
    date
}

/// The days from `from`, which must be there, to `to`, which may be empty.
pub fn term(errors: &mut Errors, from: &str, to: &str) -> Option<Term> {
    let first = date(errors, "from", from);
    let last = date(errors, "to", to);
    if from.is_empty() {
        errors.add("from", "初日を入力してください。");
    }
    let first = first?;
    if last.is_some_and(|last| last < first) {
        errors.add(
            "to",
            "最終日が初日より前になっています。日付を確かめてください。",
        );
        return None;
    }
    (to.is_empty() || last.is_some()).then_some(Term {
        from: first,
        to: last,
    })
}

/// When something is to end: `when` is `now` or `day`, and then `day` says which.
pub fn end(errors: &mut Errors, when: &str, day: &str, today: NaiveDate) -> Option<End> {
    match when {
        "now" => Some(End::AtOnce),
        "day" => {
            let last = date(errors, "day", day);
            if day.is_empty() {
                errors.add("day", "最終日を入力してください。");
            }
            if last.is_some_and(|last| last < today) {
                errors.add(
                    "day",
                    "過ぎた日は選べません。いま終えるときは「いますぐ」を選んでください。",
                );
                return None;
            }
            last.map(End::After)
        }
        _ => {
            errors.add("when", "いつ終えるかを選んでください。");
            None
        }
    }
}

/// When something ends, to choose from.
pub fn ends() -> Vec<Choice> {
    vec![
        Choice::new("day", "この日の終わりに").hint("その日までは、いままでどおりです。"),
        Choice::new("now", "いますぐ").hint("押したとたんに何もできなくなります。"),
    ]
}

/// Why, as a request keeps it.
pub fn reason(errors: &mut Errors, text: &str) {
    if !(1..=500).contains(&text.trim().chars().count()) {
        errors.add(
            "reason",
            "理由を1字から500字までで書いてください。同意する人が読みます。",
        );
    }
}

/// Posts that can be given on `today`, by section.
pub fn posts(roster: &Roster, today: NaiveDate, wanted: impl Fn(&Post) -> bool) -> Vec<Choice> {
    let open = roster.posts.values();
    let open = open.filter(|post| !post.is_closed(today) && wanted(post));
    let mut choices: Vec<Choice> = open
        .map(|post| Choice::new(post.id.to_string(), post.label()))
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

/// Persons who work here on `today` or later, by number.
pub fn persons(roster: &Roster, today: NaiveDate) -> Vec<Choice> {
    let here = roster.persons.values();
    let mut here: Vec<_> = here
        .filter(|person| person.ends_on.is_none_or(|last| today <= last))
        .collect();
    here.sort_by(|a, b| a.number.cmp(&b.number));
    let label = |person: &&crate::staff::people::Person| {
        let firm = person.organisation.as_ref();
        let firm = firm.map_or_else(String::new, |firm| format!("（{}）", firm.name));
        format!("{} {}{firm}", person.number, person.name.as_str())
    };
    here.iter()
        .map(|person| Choice::new(person.id.to_string(), label(person)))
        .collect()
}

/// Asks for what needs two. Where it cannot be done, the form is told why.
pub async fn ask(
    visitor: &Visitor,
    desk: &Desk,
    errors: &mut Errors,
    wish: Ask,
    reason: &str,
) -> Result<Option<CountersignId>, Refusal> {
    let by = visitor.signed.person();
    match countersign::ask(&desk.db, visitor.now, by, wish, reason).await {
        Ok(id) => Ok(Some(id)),
        Err(CountersignError::People(PeopleError::Unfit(unfit))) => {
            errors.add(words::unfit_field(unfit), words::unfit(unfit));
            Ok(None)
        }
        Err(CountersignError::NoReason) => {
            self::reason(errors, "");
            Ok(None)
        }
        Err(error) => {
            errors.add("reason", words::why_not_agreed(error)?);
            Ok(None)
        }
    }
}

/// On to what was asked for.
pub fn asked(id: CountersignId) -> actix_web::HttpResponse {
    let said = Flash::done("申請しました。1時間のうちに、ほかの人の同意が必要です。");
    redirect(&format!("/countersigns/{id}"), said)
}
