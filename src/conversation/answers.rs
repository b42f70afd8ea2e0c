//! Answers from what the town publishes: collection days, sorting, frequent questions, shelters.

use chrono::TimeDelta;

use super::Error;
use super::areas;
use super::choices::button;
use super::intent::{Days, Intent, Item, Purpose, Shelf};
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use super::state::State;
use super::understand::Meant;
use super::words::asks_when;
use crate::faq::{self, Found};
use crate::garbage::{self, Calendar, Category};
use crate::ids::{AreaId, FaqId};
use crate::language::Language;
use crate::line::message::{Action, Message, MessageError, QuickReplies};
use crate::policy::ReplyMode;
use crate::shelter;
use crate::text::fold;

/// Shelters named at a time.
const SHELTERS: usize = 3;
/// Near misses offered, so that there is room for the other buttons.
const NEAR: usize = 8;
/// Longest words counted as unanswered; longer ones are stories, and may tell who tells them.
const MAX_UNANSWERED: usize = 20;

/// Messages, and the words that found no answer, if none was found.
type Answered = (Vec<Message>, Option<String>);

/// An answer in the making: words, and the buttons under the last of them.
struct Draft {
    words: Vec<String>,
    buttons: Vec<Action>,
}

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
        Meant::Search(words) => return search(library, desk, visit, &words).await,
        Meant::Place {
            latitude,
            longitude,
        } => shelters(library, language, latitude, longitude).await?,
        Meant::Loss => with(
            phrases::loss(language, desk.profile),
            vec![button(
                &phrases::stop_children(language),
                &Intent::StopChildren,
            )?],
        )?,
        Meant::Thanks => match desk.profile.replies.mode {
            ReplyMode::None => Vec::new(),
            ReplyMode::Auto | ReplyMode::Selective => {
                with(phrases::thanks(language), usual(language)?)?
            }
        },
        Meant::OldButton => with(phrases::old_button(language), usual(language)?)?,
        Meant::Nothing => cannot_answer(desk, language)?,
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
            visit.state = State::OtherArea;
            browse(desk, language, &Shelf::Entrance, 0)?
        }
        Intent::Browse(shelf, Purpose::Visit, number) => browse(desk, language, &shelf, number)?,
        Intent::GarbageIn(area) => {
            visit.state = State::Idle;
            collections(library, desk, visit, area, Days::Week).await?
        }
        Intent::Next(label) => next(library, desk, visit, &label).await?,
        Intent::Sort(item) => sort(library, desk, visit, &item).await?,
        Intent::Question(id) => match frequent(library, language, id).await? {
            Some(answer) => answer,
            None => with(phrases::old_button(language), usual(language)?)?,
        },
        Intent::SortingHelp => with(phrases::sorting_help(language), Vec::new())?,
        Intent::Disaster => {
            let near_me = Action::location(phrases::near_me(language))?;
            with(phrases::disaster(language, desk.profile), vec![near_me])?
        }
        Intent::Inquiry => with(phrases::inquiry(language, desk.profile), usual(language)?)?,
        _ => help(desk, visit)?,
    })
}

fn help(desk: &Desk<'_>, visit: &Visit) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    let mut buttons = usual(language)?;
    if matches!(visit.state, State::Asking { tour: true, .. }) {
        buttons.insert(
            0,
            button(&phrases::continue_registration(language), &Intent::Resume)?,
        );
    }
    with(phrases::help(language, desk.profile), buttons)
}

/// The buttons most answers end with.
fn usual(language: Language) -> Result<Vec<Action>, MessageError> {
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

fn with(words: String, buttons: Vec<Action>) -> Result<Vec<Message>, MessageError> {
    Draft {
        words: vec![words],
        buttons,
    }
    .finish()
}

impl Draft {
    fn finish(self) -> Result<Vec<Message>, MessageError> {
        let mut messages: Vec<Message> = self
            .words
            .into_iter()
            .map(Message::text)
            .collect::<Result<_, _>>()?;
        if let (false, Some(last)) = (self.buttons.is_empty(), messages.pop()) {
            messages.push(last.quick_replies(QuickReplies::new(self.buttons)?));
        }
        Ok(messages)
    }
}

fn where_do_you_live(visit: &Visit) -> Result<Vec<Message>, MessageError> {
    let language = visit.resident.language();
    let register = match visit.resident.consent {
        Some(_) => button(
            &phrases::item(language, Item::Area),
            &Intent::Ask(Item::Area),
        )?,
        None => button(&phrases::my_registration(language), &Intent::Show)?,
    };
    let once = button(&phrases::other_area(language), &Intent::OtherArea)?;
    with(phrases::where_do_you_live(language), vec![register, once])
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

async fn collections(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    area: AreaId,
    days: Days,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let Some(named) = desk.directory.get(area) else {
        return Ok(with(phrases::old_button(language), usual(language)?)?);
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
    Ok(Draft {
        words: vec![words.join("\n")],
        buttons,
    }
    .finish()?)
}

/// Days of the area just shown, while it is one's own; of another area the week says it all.
fn in_area(visit: &Visit, area: AreaId, days: Days) -> Intent {
    if visit.resident.area() == Some(area) {
        Intent::Garbage(days)
    } else {
        Intent::GarbageIn(area)
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

async fn next(
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
        return Ok(with(phrases::old_button(language), usual(language)?)?);
    };
    Ok(when(desk, visit, &calendar, category)?)
}

fn when(
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
    let day = calendar.next(&category.label, desk.today);
    with(garbage::phrases::next(language, category, day), buttons)
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
            garbage::phrases::not_in_dictionary(language, item),
            usual(language)?,
        )?);
    }
    sorted(library, desk, visit, item, &sorting).await
}

/// How a thing is sorted, and when that is collected next where the asker lives.
async fn sorted(
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
    Ok(with(words, buttons)?)
}

async fn frequent(
    library: Library<'_>,
    language: Language,
    id: FaqId,
) -> Result<Option<Vec<Message>>, Error> {
    let index = library.faq().await?;
    let Some(entry) = index.get(id) else {
        return Ok(None);
    };
    Ok(Some(with(
        faq::phrases::answer(entry, language),
        usual(language)?,
    )?))
}

async fn shelters(
    library: Library<'_>,
    language: Language,
    latitude: f64,
    longitude: f64,
) -> Result<Vec<Message>, Error> {
    use shelter::phrases as say;
    let near = match shelter::Location::in_japan(latitude, longitude) {
        Some(here) => library.shelters(here, SHELTERS).await?,
        None => Vec::new(),
    };
    if near.is_empty() {
        return Ok(with(say::none(language), usual(language)?)?);
    }
    let mut words = vec![say::heading(None, language)];
    words.extend(near.iter().map(|place| say::place(place, language)));
    words.push(say::source(language));
    let mut messages = vec![Message::text(words.join("\n\n"))?];
    for place in &near {
        messages.push(Message::location(
            crate::line::text::fit(&place.shelter.name, 100),
            crate::line::text::fit(&place.shelter.address, 100),
            place.location.latitude(),
            place.location.longitude(),
        )?);
    }
    Ok(messages)
}

/// Looks for an answer in everything published: a category's next day, a thing's sorting, a frequent
/// question; then for near misses; then admits that there is none.
async fn search(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    words: &str,
) -> Result<Answered, Error> {
    let language = visit.resident.language();
    if fold(words).is_empty() {
        return Ok((cannot_answer(desk, language)?, None));
    }
    if asks_when(words)
        && let Some(area) = visit.resident.area()
    {
        let calendar = library.calendar(area).await?;
        match calendar.category_from_words(words).as_slice() {
            [] => {}
            [category] => return Ok((when(desk, visit, &calendar, category)?, None)),
            several => {
                let buttons = several
                    .iter()
                    .map(|c| button(c.name(language), &Intent::Next(c.label.clone())))
                    .collect::<Result<_, _>>()?;
                return Ok((
                    with(garbage::phrases::which_category(language), buttons)?,
                    None,
                ));
            }
        }
    }
    let sorting = library.dictionary().await?.look_up(words);
    let exact = sorting
        .found
        .iter()
        .any(|item| fold(&item.name) == fold(words));
    if exact {
        return Ok((sorted(library, desk, visit, words, &sorting).await?, None));
    }
    let index = library.faq().await?;
    let mut questions = Vec::new();
    match index.find(words) {
        Found::Answer(entry) => {
            return Ok((
                with(faq::phrases::answer(entry, language), usual(language)?)?,
                None,
            ));
        }
        Found::Near(entries) => questions = entries,
        Found::Nothing => {}
    }
    if !sorting.found.is_empty() {
        return Ok((sorted(library, desk, visit, words, &sorting).await?, None));
    }
    let mut buttons: Vec<Action> = Vec::new();
    for entry in &questions {
        buttons.push(button(&entry.question, &Intent::Question(entry.id))?);
    }
    for item in sorting.near.iter().take(NEAR) {
        buttons.push(button(&item.name, &Intent::Sort(item.name.clone()))?);
    }
    if !buttons.is_empty() {
        return Ok((with(phrases::near_misses(language), buttons)?, None));
    }
    Ok((cannot_answer(desk, language)?, countable(words)))
}

fn cannot_answer(desk: &Desk<'_>, language: Language) -> Result<Vec<Message>, MessageError> {
    match desk.profile.replies.mode {
        ReplyMode::None => Ok(Vec::new()),
        ReplyMode::Auto | ReplyMode::Selective => with(
            phrases::cannot_answer(language, desk.profile),
            usual(language)?,
        ),
    }
}

/// The words in the form they are counted in, unless they may say who wrote them.
fn countable(words: &str) -> Option<String> {
    let folded = fold(words);
    let masked: String = folded
        .chars()
        .map(|c| if c.is_numeric() { '0' } else { c })
        .collect();
    let telling =
        words.contains('@') || masked.contains("000") || masked.chars().count() > MAX_UNANSWERED;
    (!telling && !masked.is_empty()).then_some(masked)
}
