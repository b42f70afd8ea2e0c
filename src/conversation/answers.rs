//! Answers from what the town publishes: collection days, sorting, frequent questions.

use super::Error;
use super::areas;
use super::choices::button;
use super::collections::{collections, next, where_do_you_live};
use super::disaster;
use super::intent::{Days, Intent, Purpose, Shelf};
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use super::search;
use super::state::State;
use super::understand::Meant;
use crate::faq::{self, Entry};
use crate::garbage;
use crate::ids::FaqId;
use crate::language::Language;
use crate::line::message::{
    Action, MAX_QUICK_REPLIES, MAX_TEXT, Message, MessageError, QuickReplies,
};
use crate::line::text::fit;
use crate::policy::ReplyMode;
use crate::shelter::Location;
use crate::text::fold;

/// Near misses offered, so that there is room for the other buttons.
pub(super) const NEAR: usize = 8;

/// Messages, and the words that found no answer, if none was found.
pub(super) type Answered = (Vec<Message>, Option<String>);

/// Answers what is no matter of registration.
pub(super) async fn to(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &mut Visit,
    meant: Meant,
) -> Result<Answered, Error> {
    let language = visit.resident.language();
    let answered = match meant {
        Meant::Intent(intent) => question(library, desk, visit, intent).await?,
        Meant::Search(words, asked) => {
            return search::for_words(library, desk, visit, &words, asked).await;
        }
        Meant::Place {
            latitude,
            longitude,
        } => {
            let here = Location::in_japan(latitude, longitude);
            disaster::from_what(library, visit, here).await?
        }
        Meant::Loss => with(
            visit,
            phrases::loss(language, desk.profile, desk.now),
            vec![button(
                &phrases::stop_children(language),
                &Intent::StopChildren,
            )?],
        )?,
        Meant::Thanks => match desk.profile.replies.mode {
            ReplyMode::None => Vec::new(),
            ReplyMode::Auto | ReplyMode::Selective => {
                with(visit, phrases::thanks(language), usual(language)?)?
            }
        },
        Meant::OldButton => with(visit, phrases::old_button(language), usual(language)?)?,
        Meant::Nothing => match desk.profile.replies.mode {
            ReplyMode::None => search::cannot_answer(desk, visit)?,
            ReplyMode::Auto | ReplyMode::Selective => {
                with(visit, phrases::words_only(language), usual(language)?)?
            }
        },
        Meant::Switched => Vec::new(),
    };
    Ok((answered, None))
}

async fn question(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &mut Visit,
    intent: Intent,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    Ok(match intent {
        Intent::Garbage(days) => match visit.resident.area() {
            Some(area) => collections(library, desk, visit, area, days).await?,
            None => where_do_you_live(visit)?,
        },
        Intent::OtherArea => {
            // Of a stranger no state is kept: the buttons work without.
            if visit.resident.consent.is_some() {
                visit.state = State::OtherArea {
                    resume: visit.state.open_tour(),
                };
            }
            browse(desk, language, &Shelf::Entrance, 0)?
        }
        Intent::Browse(shelf, Purpose::Visit, number) => browse(desk, language, &shelf, number)?,
        Intent::GarbageIn(area, days) => {
            visit.state = visit.state.after_aside();
            collections(library, desk, visit, area, days).await?
        }
        Intent::Next(label) => next(library, desk, visit, &label).await?,
        Intent::Sort(item) => sort(library, desk, visit, &item).await?,
        Intent::Question(id) => match frequent(library, visit, id).await? {
            Some(answer) => answer,
            None => with(visit, phrases::old_button(language), usual(language)?)?,
        },
        Intent::SortingHelp => with(visit, phrases::sorting_help(language), Vec::new())?,
        Intent::Disaster => disaster::about(library, desk, visit).await?,
        Intent::Evacuation => disaster::orders(library, desk, visit).await?,
        Intent::Near(hazard, here) => disaster::near(library, desk, visit, hazard, here).await?,
        Intent::Inquiry => with(
            visit,
            phrases::inquiry(language, desk.profile, desk.now),
            usual(language)?,
        )?,
        _ => help(desk, visit)?,
    })
}

fn help(desk: &Desk<'_>, visit: &Visit) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    with(
        visit,
        phrases::help(language, desk.profile),
        usual(language)?,
    )
}

/// The buttons most answers end with.
pub(super) fn usual(language: Language) -> Result<Vec<Action>, MessageError> {
    Ok(vec![
        button(
            &phrases::tomorrow(language),
            &Intent::Garbage(Days::Tomorrow),
        )?,
        button(&phrases::this_week(language), &Intent::Garbage(Days::Week))?,
        button(&phrases::sorting_button(language), &Intent::SortingHelp)?,
        button(&phrases::my_registration(language), &Intent::Show)?,
        button(&phrases::disaster_button(language), &Intent::Disaster)?,
        button(&phrases::inquiry_button(language), &Intent::Inquiry)?,
    ])
}

/// Words with buttons under them; where a registration waits, the first of them goes on with it.
pub(super) fn with(
    visit: &Visit,
    words: String,
    mut buttons: Vec<Action>,
) -> Result<Vec<Message>, MessageError> {
    if visit.state.open_tour().is_some() {
        let language = visit.resident.language();
        let resume = button(&phrases::continue_registration(language), &Intent::Resume)?;
        buttons.insert(0, resume);
    }
    buttons.truncate(MAX_QUICK_REPLIES);
    let message = Message::text(fit(&words, MAX_TEXT))?;
    Ok(vec![match buttons.is_empty() {
        true => message,
        false => message.quick_replies(QuickReplies::new(buttons)?),
    }])
}

fn browse(
    desk: &Desk<'_>,
    language: Language,
    shelf: &Shelf,
    number: usize,
) -> Result<Vec<Message>, MessageError> {
    let always = vec![button(&phrases::erase_no(language), &Intent::Cancel)?];
    areas::ask(
        desk.directory,
        language,
        shelf,
        Purpose::Visit,
        number,
        always,
    )
}

async fn sort(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    item: &str,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let sorting = library.dictionary().await?.look_up(item);
    if sorting.found.is_empty() {
        return Ok(with(
            visit,
            garbage::phrases::not_in_dictionary(language, item),
            usual(language)?,
        )?);
    }
    sorted(library, desk, visit, item, &sorting).await
}

/// How a thing is sorted, and when that is collected next where the asker lives.
pub(super) async fn sorted(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    asked: &str,
    sorting: &garbage::Sorting,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let categories = library.categories().await?;
    // The very thing asked for is the answer; its parts and kinds stay a tap away.
    let asked = fold(asked);
    let (named, akin): (Vec<_>, Vec<_>) = sorting
        .found
        .iter()
        .cloned()
        .partition(|item| asked.contains(&fold(&item.name)));
    let (found, akin) = match named.is_empty() {
        true => (akin, named),
        false => (named, akin),
    };
    let mut words = garbage::phrases::sorting(language, &found, &categories);
    if let Some(area) = visit.resident.area() {
        let calendar = library.calendar(area).await?;
        let mut labels: Vec<&str> = found.iter().map(|item| item.label.as_str()).collect();
        labels.dedup();
        for category in calendar
            .categories()
            .filter(|c| labels.contains(&c.label.as_str()))
        {
            let day = calendar.next(&category.label, desk.today);
            words.push_str("\n\n");
            words.push_str(&garbage::phrases::next(language, category, day));
        }
    }
    let mut buttons: Vec<Action> = akin
        .iter()
        .chain(&sorting.near)
        .take(NEAR)
        .map(|item| button(&item.name, &Intent::Sort(item.name.clone())))
        .collect::<Result<_, _>>()?;
    buttons.push(button(
        &phrases::sorting_button(language),
        &Intent::SortingHelp,
    )?);
    Ok(with(visit, words, buttons)?)
}

async fn frequent(
    library: Library<'_>,
    visit: &Visit,
    id: FaqId,
) -> Result<Option<Vec<Message>>, Error> {
    let index = library.faq().await?;
    let Some(entry) = index.get(id) else {
        return Ok(None);
    };
    Ok(Some(question_answered(visit, entry)?))
}

/// The town's answer to a frequent question.
pub(super) fn question_answered(
    visit: &Visit,
    entry: &Entry,
) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    with(
        visit,
        faq::phrases::answer(entry, language),
        usual(language)?,
    )
}
