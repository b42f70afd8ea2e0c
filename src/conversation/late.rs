//! A child who is registered late: what came before, and can still be had.

use chrono::Days;

use super::Error;
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use crate::childcare::{Due, Rule};
use crate::line::message::Message;
use crate::reminder;
use crate::resident::Resident;

/// Most things told at once: an answer is read on a phone.
const MOST: usize = 5;

/// What can still be had for the child that `visit` has added, what ends first before the rest; nothing if it
/// has added none, or there is nothing.
pub(super) async fn still_useful(
    library: Library<'_>,
    desk: &Desk<'_>,
    before: Option<&Resident>,
    visit: &Visit,
) -> Result<Option<Message>, Error> {
    let had = before.and_then(|resident| resident.children.clone());
    let had = had.unwrap_or_default();
    let has = visit.resident.children.iter().flatten();
    let Some(child) = has.into_iter().find(|child| !had.contains(child)) else {
        return Ok(None);
    };
    let timetable = library.timetable().await?;
    let mut useful = reminder::still_useful(library.db, &timetable, *child, desk.now).await?;
    useful.retain(|(rule, _)| is_theirs(desk, visit, rule));
    useful.sort_by_key(|(_, due)| due.until);
    useful.truncate(MOST);
    if useful.is_empty() {
        return Ok(None);
    }
    let language = visit.resident.language();
    let line = |(rule, due): &(&Rule, Due)| {
        let last = due
            .until
            .and_then(|until| until.checked_sub_days(Days::new(1)));
        phrases::still_useful_line(language, rule, last)
    };
    let lines: Vec<String> = useful.iter().map(line).collect();
    let words = phrases::still_useful(language, &lines);
    Ok(Some(Message::text(words)?))
}

/// Whether it holds where they live.
fn is_theirs(desk: &Desk<'_>, visit: &Visit, rule: &Rule) -> bool {
    if rule.areas.is_empty() {
        return true;
    }
    let area = visit.resident.area().and_then(|id| desk.directory.get(id));
    area.is_some_and(|area| {
        let named =
            |label: &String| *label == area.label() || area.district.as_ref() == Some(label);
        rule.areas.iter().any(named)
    })
}
