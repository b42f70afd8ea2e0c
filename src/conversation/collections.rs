//! Collection days: of one's own area or another, of a week or a day, of one kind of garbage.

use chrono::TimeDelta;

use super::Error;
use super::answers::{usual, with};
use super::choices::button;
use super::intent::{Days, Intent, Item};
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use crate::garbage::{self, Calendar, Category};
use crate::ids::AreaId;
use crate::language::Language;
use crate::line::message::{Message, MessageError};

/// Nothing can be said before an area is known: for good, or this once.
pub(super) fn where_do_you_live(visit: &Visit) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    let register = match visit.resident.consent {
        Some(_) => button(
            &phrases::item(language, Item::Area),
            &Intent::Ask(Item::Area),
        )?,
        None => button(&phrases::my_registration(language), &Intent::Show)?,
    };
    let once = button(&phrases::other_area(language), &Intent::OtherArea)?;
    with(
        visit,
        phrases::where_do_you_live(language),
        vec![register, once],
    )
}

/// What is collected in an area on some days.
pub(super) async fn collections(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    area: AreaId,
    days: Days,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let Some(named) = desk.directory.get(area) else {
        return Ok(gone(visit, area)?);
    };
    let calendar = library.calendar(area).await?;
    let mut words = Vec::new();
    if visit.resident.area() != Some(area) {
        words.push(phrases::of_area(language, &named.label()));
    }
    words.push(on_days(desk, language, &calendar, days));
    let buttons = vec![
        button(
            &phrases::today(language),
            &in_area(visit, area, Days::Today),
        )?,
        button(
            &phrases::tomorrow(language),
            &in_area(visit, area, Days::Tomorrow),
        )?,
        button(
            &phrases::this_week(language),
            &in_area(visit, area, Days::Week),
        )?,
        button(&phrases::other_area(language), &Intent::OtherArea)?,
        button(&phrases::sorting_button(language), &Intent::SortingHelp)?,
    ];
    Ok(with(visit, words.join("\n"), buttons)?)
}

/// The area is not the town's any more: whoever lives there chooses anew, a button for it is old.
fn gone(visit: &Visit, area: AreaId) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    if visit.resident.area() != Some(area) {
        return with(visit, phrases::old_button(language), usual(language)?);
    }
    let choose = button(
        &phrases::item(language, Item::Area),
        &Intent::Ask(Item::Area),
    )?;
    with(visit, phrases::where_now(language), vec![choose])
}

/// Days of the area just shown.
fn in_area(visit: &Visit, area: AreaId, days: Days) -> Intent {
    if visit.resident.area() == Some(area) {
        Intent::Garbage(days)
    } else {
        Intent::GarbageIn(area, days)
    }
}

fn on_days(desk: &Desk<'_>, language: Language, calendar: &Calendar, days: Days) -> String {
    use garbage::phrases as say;
    if calendar.categories().next().is_none() {
        return say::no_calendar(language);
    }
    let (ahead, count) = match days {
        Days::Today => (0, 1),
        Days::Tomorrow => (1, 1),
        Days::AfterTomorrow => (2, 1),
        Days::Week => (0, 7),
    };
    let from = desk.today + TimeDelta::days(ahead);
    let collected = calendar.collections(from, count);
    match days {
        Days::Today => say::today(language, from, &collected),
        Days::Tomorrow => say::tomorrow(language, from, &collected),
        Days::AfterTomorrow => say::on(language, from, &collected),
        Days::Week => say::week(language, &collected),
    }
}

/// When the category with this label is collected next where the asker lives.
pub(super) async fn next(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    label: &str,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let Some(area) = visit.resident.area() else {
        return Ok(where_do_you_live(visit)?);
    };
    let calendar = library.calendar(area).await?;
    let Some(category) = calendar.categories().find(|c| c.label == label) else {
        return Ok(with(
            visit,
            phrases::old_button(language),
            usual(language)?,
        )?);
    };
    Ok(when(desk, visit, &calendar, category)?)
}

/// When a category is collected next, with what the town remarks on it.
pub(super) fn when(
    desk: &Desk<'_>,
    visit: &Visit,
    calendar: &Calendar,
    category: &Category,
) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    let buttons = vec![
        button(&phrases::this_week(language), &Intent::Garbage(Days::Week))?,
        button(&phrases::sorting_button(language), &Intent::SortingHelp)?,
    ];
    let mut words = garbage::phrases::next(
        language,
        category,
        calendar.next(&category.label, desk.today),
    );
    for remark in calendar.remarks(&category.label) {
        words.push('\n');
        words.push_str(&garbage::phrases::remark(language, category, remark));
    }
    with(visit, words, buttons)
}
