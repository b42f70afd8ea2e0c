//! Words that are no command: looked for in everything the town publishes.

use super::Error;
use super::answers::{self, Answered, NEAR, usual, with};
use super::areas;
use super::choices::{button, listed};
use super::collections::{when, where_do_you_live};
use super::intent::{Intent, Purpose, Shelf};
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use super::rehearsal::Basis;
use super::words::asks_when;
use crate::faq::Found;
use crate::garbage;
use crate::line::message::{Action, Message, MessageError};
use crate::text::fold;

/// Longest words counted as unanswered; longer ones are stories, and may tell who tells them.
const MAX_UNANSWERED: usize = 20;

/// Looks for an answer: a category's next day, a thing's sorting, a frequent question; then for near
/// misses; then, if an area is `asked` for, asks again; then admits that there is none.
pub(super) async fn for_words(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &mut Visit,
    words: &str,
    asked: Option<Purpose>,
) -> Result<Answered, Error> {
    if !fold(words).is_empty()
        && let Some((found, _)) = published(library, desk, visit, words).await?
    {
        return Ok((found, None));
    }
    let language = visit.resident.language();
    if let Some(purpose) = asked {
        let shelf = Shelf::Found(words.chars().take(MAX_UNANSWERED).collect());
        let again = match purpose {
            Purpose::Residence => desk.browse(visit, &shelf, 0)?,
            Purpose::Visit => {
                let cancel = button(&phrases::erase_no(language), &Intent::Cancel)?;
                areas::ask(desk.directory, language, &shelf, purpose, 0, vec![cancel])?
            }
        };
        return Ok((again, None));
    }
    Ok((cannot_answer(desk, visit)?, countable(words)))
}

/// What the town publishes about the words, and what of it that is.
pub(super) async fn published(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    words: &str,
) -> Result<Option<(Vec<Message>, Basis)>, Error> {
    if asks_when(words)
        && let Some(days) = next_days(library, desk, visit, words).await?
    {
        return Ok(Some((days, Basis::NextDay)));
    }
    let sorting = library.dictionary().await?.look_up(words);
    let exact = sorting
        .found
        .iter()
        .any(|item| fold(&item.name) == fold(words));
    if exact {
        let sorted = answers::sorted(library, desk, visit, words, &sorting).await?;
        return Ok(Some((sorted, Basis::Sorting)));
    }
    let index = library.faq().await?;
    let questions = match index.find(words) {
        Found::Answer(entry) => {
            let answer = answers::question_answered(visit, entry)?;
            return Ok(Some((answer, Basis::Question(entry.id))));
        }
        Found::Near(entries) => entries,
        Found::Nothing => Vec::new(),
    };
    if !sorting.found.is_empty() {
        let sorted = answers::sorted(library, desk, visit, words, &sorting).await?;
        return Ok(Some((sorted, Basis::Sorting)));
    }
    let questions = questions
        .iter()
        .map(|e| (e.question.clone(), Intent::Question(e.id)));
    let things = sorting
        .near
        .iter()
        .map(|i| (i.name.clone(), Intent::Sort(i.name.clone())));
    let near: Vec<(String, Intent)> = questions.chain(things).take(NEAR).collect();
    if near.is_empty() {
        return Ok(None);
    }
    let (words, near) = listed(phrases::near_misses(visit.resident.language()), near);
    let buttons: Vec<Action> = near
        .iter()
        .map(|(label, intent)| button(label, intent))
        .collect::<Result<_, _>>()?;
    Ok(Some((with(visit, words, buttons)?, Basis::Near)))
}

/// When the category that the words speak of is collected, where the asker lives.
async fn next_days(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    words: &str,
) -> Result<Option<Vec<Message>>, Error> {
    let language = visit.resident.language();
    let Some(area) = visit.resident.area() else {
        let categories = library.categories().await?;
        let spoken_of = categories
            .iter()
            .any(|c| fold(words).contains(&fold(&c.label)));
        return Ok(spoken_of.then(|| where_do_you_live(visit)).transpose()?);
    };
    let calendar = library.calendar(area).await?;
    match calendar.category_from_words(words).as_slice() {
        [] => Ok(None),
        [category] => Ok(Some(when(desk, visit, &calendar, category)?)),
        several => {
            let buttons = several
                .iter()
                .take(NEAR)
                .map(|c| button(c.name(language), &Intent::Next(c.label.clone())))
                .collect::<Result<_, _>>()?;
            Ok(Some(with(
                visit,
                garbage::phrases::which_category(language),
                buttons,
            )?))
        }
    }
}

/// The fixed answer, which ends in the inquiry window; silence where the policy gives none.
pub(super) fn cannot_answer(desk: &Desk<'_>, visit: &Visit) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    match phrases::cannot_answer(language, desk.profile, desk.now) {
        Some(words) => with(visit, words, usual(language)?),
        None => Ok(Vec::new()),
    }
}

/// The words in the form they are counted in, unless they may say who wrote them.
pub(super) fn countable(words: &str) -> Option<String> {
    let folded = fold(words);
    let masked: String = folded
        .chars()
        .map(|c| if c.is_numeric() { '0' } else { c })
        .collect();
    let telling = words.contains(['@', '＠'])
        || masked.contains("000")
        || masked.chars().count() > MAX_UNANSWERED;
    (!telling && !masked.is_empty()).then_some(masked)
}
