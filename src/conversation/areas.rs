//! Finding one area among five or eleven hundred, by tapping: by district, by first kana, by typing.

use super::choices::{Page, button, listed};
use super::intent::{Days, Intent, Purpose, Shelf};
use super::phrases;
use crate::area::{Area, Directory};
use crate::ids::AreaId;
use crate::language::Language;
use crate::line::message::{Action, Message, MessageError};
use crate::resident::Residence;
use crate::text::fold;

/// Towns this small show all their areas at once.
const SMALL_TOWN: usize = 10;
/// Longest search words a button carries to its next page.
const MAX_WORDS: usize = 40;

/// What choosing an area means.
pub(super) fn choice(purpose: Purpose, area: AreaId) -> Intent {
    match purpose {
        Purpose::Residence => Intent::Live(Residence::Area(area)),
        Purpose::Visit => Intent::GarbageIn(area, Days::Week),
    }
}

/// Asks for an area: one page of a shelf. `always` stands at the end of each page.
pub(super) fn ask(
    directory: &Directory,
    language: Language,
    shelf: &Shelf,
    purpose: Purpose,
    number: usize,
    mut always: Vec<Action>,
) -> Result<Vec<Message>, MessageError> {
    let (question, choices) = match shelf {
        Shelf::Entrance => entrance(directory, language, purpose),
        Shelf::Kana => (
            phrases::ask_kana_row(language),
            rows(directory, language, purpose),
        ),
        Shelf::District(name) => {
            let found = directory.in_district(name);
            (
                phrases::ask_area_in(language, name),
                areas(&found, purpose, false),
            )
        }
        Shelf::Row(row) => {
            let found = directory.in_kana_row(row);
            (
                phrases::ask_area_in(language, &phrases::kana_row(language, row)),
                areas(&found, purpose, true),
            )
        }
        Shelf::Found(words) => {
            let found = directory.search(words);
            let question = match found.is_empty() {
                true => phrases::no_area_found(language, words),
                false => phrases::areas_found(language, words, found.len()),
            };
            match found.is_empty() {
                true => (question, entrance(directory, language, purpose).1),
                false => (question, areas(&found, purpose, true)),
            }
        }
    };
    let at_entrance = matches!(shelf, Shelf::Entrance);
    if !at_entrance {
        let entrance = Intent::Browse(Shelf::Entrance, purpose, 0);
        always.push(button(&phrases::other_district(language), &entrance)?);
    } else if by_district(directory) && !directory.kana_rows().is_empty() {
        always.insert(
            0,
            button(
                &phrases::by_kana(language),
                &Intent::Browse(Shelf::Kana, purpose, 0),
            )?,
        );
    }
    let question = match (at_entrance, purpose) {
        (true, Purpose::Visit) => phrases::ask_other_area(language),
        _ => question,
    };
    let page = Page::of(&choices, number, always.len());
    let (question, shown) = listed(question, page.shown.to_vec());
    let page = Page {
        shown: &shown,
        ..page
    };
    let row = page.row(
        language,
        |n| Intent::Browse(shelf.clone(), purpose, n),
        always,
    )?;
    Ok(vec![Message::text(question)?.quick_replies(row)])
}

/// Free words as an answer to "which area": the one that is called so, or a shelf of those they may
/// mean; nothing when there is none.
pub(super) fn meant(directory: &Directory, words: &str, purpose: Purpose) -> Option<Intent> {
    let words: String = words.trim().chars().take(MAX_WORDS).collect();
    let found = directory.search(&words);
    match found.as_slice() {
        [] => None,
        [first, rest @ ..]
            if is_called(first, &words) && !rest.iter().any(|a| is_called(a, &words)) =>
        {
            Some(choice(purpose, first.id))
        }
        _ => Some(Intent::Browse(Shelf::Found(words), purpose, 0)),
    }
}

fn is_called(area: &Area, words: &str) -> bool {
    let words = fold(words);
    fold(&area.name) == words || area.reading.as_deref().is_some_and(|r| fold(r) == words)
}

fn by_district(directory: &Directory) -> bool {
    directory.areas().count() > SMALL_TOWN && directory.districts().len() > 1
}

fn entrance(
    directory: &Directory,
    language: Language,
    purpose: Purpose,
) -> (String, Vec<(String, Intent)>) {
    let all: Vec<&Area> = directory.areas().collect();
    if by_district(directory) {
        let districts = directory
            .districts()
            .into_iter()
            .map(|d| {
                (
                    d.to_owned(),
                    Intent::Browse(Shelf::District(d.to_owned()), purpose, 0),
                )
            })
            .chain(areas(
                &all.iter()
                    .copied()
                    .filter(|a| a.district.is_none())
                    .collect::<Vec<_>>(),
                purpose,
                true,
            ))
            .collect();
        return (phrases::ask_district(language), districts);
    }
    if all.len() > SMALL_TOWN && !directory.kana_rows().is_empty() {
        return (
            phrases::ask_kana_row(language),
            rows(directory, language, purpose),
        );
    }
    (phrases::ask_area(language), areas(&all, purpose, true))
}

fn rows(directory: &Directory, language: Language, purpose: Purpose) -> Vec<(String, Intent)> {
    directory
        .kana_rows()
        .into_iter()
        .map(|row| {
            (
                phrases::kana_row(language, row),
                Intent::Browse(Shelf::Row(row.to_owned()), purpose, 0),
            )
        })
        .collect()
}

/// Buttons for areas; a name that stands in several districts says which it is.
fn areas(found: &[&Area], purpose: Purpose, across_districts: bool) -> Vec<(String, Intent)> {
    found
        .iter()
        .map(|area| {
            let repeated =
                across_districts && found.iter().filter(|a| a.name == area.name).count() > 1;
            let label = if repeated {
                area.label()
            } else {
                area.name.clone()
            };
            (label, choice(purpose, area.id))
        })
        .collect()
}
