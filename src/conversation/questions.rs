//! The questions of a registration, each with its buttons.

use chrono::{Months, NaiveDate};

use super::areas;
use super::choices::{Page, button, row};
use super::intent::{Intent, Item, Purpose, Shelf};
use super::phrases;
use super::registration::{Desk, Said, Visit};
use super::state::State;
use crate::language::Language;
use crate::line::message::{Action, DatePicker, Message};
use crate::resident::{
    ChildKind, GarbageReminder, Letters, Month, ReminderDay, Residence, Resident,
};

/// Oldest birth month accepted, in years back.
const CHILDREN_UP_TO_YEARS: u32 = 18;
/// Latest due month, in months from now.
const DUE_WITHIN_MONTHS: u32 = 10;

impl Desk<'_> {
    /// Asks an item; `tour` when the next item follows its answer.
    pub(super) fn ask(&self, visit: &mut Visit, item: Item, tour: bool) -> Said {
        // No hour without collections to announce.
        let item = match item {
            Item::Reminder if visit.resident.area().is_none() => Item::Area,
            item => item,
        };
        visit.state = State::Asking { item, tour };
        let language = visit.resident.language();
        match item {
            Item::Area => self.browse(visit, &Shelf::Entrance, 0),
            Item::Reminder => self.ask_reminder(language, tour),
            Item::Topics => self.ask_topics(visit, tour),
            Item::Children => self.ask_children(visit, tour, phrases::ask_children(language)),
            Item::Language => {
                let languages: Vec<Action> = Language::all()
                    .map(|l| button(&l.name(), &Intent::Speak(l.code().to_owned())))
                    .collect::<Result<_, _>>()?;
                Ok(vec![
                    Message::text(phrases::ask_language(language))?.quick_replies(row(languages)?),
                ])
            }
            Item::Letters => {
                let sizes: Vec<Action> = [Letters::Large, Letters::Usual]
                    .into_iter()
                    .map(|l| button(&phrases::letters(language, l), &Intent::Letters(l)))
                    .collect::<Result<_, _>>()?;
                Ok(vec![
                    Message::text(phrases::ask_letters(language))?.quick_replies(row(sizes)?),
                ])
            }
        }
    }

    /// One page of areas to live in.
    pub(super) fn browse(&self, visit: &Visit, shelf: &Shelf, number: usize) -> Said {
        let language = visit.resident.language();
        let outside = button(
            &phrases::outside(language),
            &Intent::Live(Residence::Outside),
        )?;
        let not_said = match visit.state.is_tour() {
            true => button(
                &phrases::rather_not_say(language),
                &Intent::Live(Residence::Unanswered),
            )?,
            false => button(&phrases::leave_as_is(language), &Intent::Skip)?,
        };
        areas::ask(
            self.directory,
            language,
            shelf,
            Purpose::Residence,
            number,
            vec![outside, not_said],
        )
    }

    /// The hours that can be chosen.
    pub(super) fn reminders(&self) -> impl Iterator<Item = GarbageReminder> {
        let hours = &self.profile.reminder;
        let before = hours
            .evening_before
            .iter()
            .map(|t| (ReminderDay::Before, *t));
        let same = hours.that_morning.iter().map(|t| (ReminderDay::Same, *t));
        before
            .chain(same)
            .map(|(day, time)| GarbageReminder::At(day, time))
            .chain([GarbageReminder::Never])
    }

    fn ask_reminder(&self, language: Language, tour: bool) -> Said {
        let mut buttons: Vec<Action> = self
            .reminders()
            .map(|r| button(&phrases::reminder_label(language, r), &Intent::Remind(r)))
            .collect::<Result<_, _>>()?;
        let skip = if tour {
            phrases::skip(language)
        } else {
            phrases::leave_as_is(language)
        };
        buttons.push(button(&skip, &Intent::Skip)?);
        buttons.push(button(&phrases::back(language), &Intent::Back)?);
        Ok(vec![
            Message::text(phrases::ask_reminder(language))?.quick_replies(row(buttons)?),
        ])
    }

    pub(super) fn ask_topics(&self, visit: &Visit, tour: bool) -> Said {
        let language = visit.resident.language();
        let held = visit.resident.topics.as_ref();
        let mut topics: Vec<(String, Intent)> = self
            .profile
            .topics
            .iter()
            .map(|topic| {
                let chosen = held.is_some_and(|ids| ids.contains(&topic.id));
                let label = phrases::topic_label(topic.name_in(language), chosen);
                (label, Intent::Topic(topic.id.clone()))
            })
            .collect();
        let names = self.topics_of(&visit.resident);
        let end = (phrases::topics_end(language, &names), Intent::TopicsDone);
        // Who has chosen looks for the way on, and must not have to swipe for it.
        let place = if names.is_empty() { topics.len() } else { 0 };
        topics.insert(place, end);
        let mut always = Vec::new();
        if tour {
            always.push(button(&phrases::back(language), &Intent::Back)?);
        }
        let page = Page::of(&topics, 0, always.len());
        let choices = page.row(language, |_| Intent::Ask(Item::Topics), always)?;
        Ok(vec![
            Message::text(phrases::ask_topics(language, &names))?.quick_replies(choices),
        ])
    }

    /// The names of the topics somebody wants, in the policy's order and their language.
    pub(super) fn topics_of(&self, resident: &Resident) -> Vec<&str> {
        let language = resident.language();
        let chosen = resident.topics.as_ref();
        self.profile
            .topics
            .iter()
            .filter(|topic| chosen.is_some_and(|ids| ids.contains(&topic.id)))
            .map(|topic| topic.name_in(language))
            .collect()
    }

    /// The months a child can be born in, or due in: first and last.
    pub(super) fn months(&self, kind: ChildKind) -> (NaiveDate, NaiveDate) {
        let today = self.today;
        match kind {
            ChildKind::Born => {
                let years = Months::new(12 * CHILDREN_UP_TO_YEARS);
                (today.checked_sub_months(years).unwrap_or(today), today)
            }
            ChildKind::Due => {
                let months = Months::new(DUE_WITHIN_MONTHS);
                (today, today.checked_add_months(months).unwrap_or(today))
            }
        }
    }

    /// The month picked, if a child can be born or due in it.
    pub(super) fn month(&self, kind: ChildKind, picked: Option<NaiveDate>) -> Option<Month> {
        let (first, last) = self.months(kind);
        picked
            .map(Month::of)
            .filter(|month| (Month::of(first)..=Month::of(last)).contains(month))
    }

    pub(super) fn ask_children(&self, visit: &Visit, tour: bool, words: String) -> Said {
        let language = visit.resident.language();
        let picker = |label: String, kind: ChildKind| {
            let (first, last) = self.months(kind);
            let dates = DatePicker::date(Some(self.today), Some(first), Some(last))?;
            Action::date_picker(label, Intent::AddChild(kind).to_string(), dates)
        };
        let born = picker(phrases::add_birth(language), ChildKind::Born)?;
        let due = picker(phrases::add_due(language), ChildKind::Due)?;
        let held = visit
            .resident
            .children
            .as_ref()
            .is_some_and(|c| !c.is_empty());
        let mut buttons = vec![born, due];
        if held {
            let done = button(&phrases::children_done(language), &Intent::ChildrenDone)?;
            buttons.insert(0, done);
        } else {
            buttons.push(button(
                &phrases::no_children(language),
                &Intent::ChildrenDone,
            )?);
        }
        if tour {
            if !held {
                buttons.push(button(&phrases::skip(language), &Intent::Skip)?);
            }
            buttons.push(button(&phrases::back(language), &Intent::Back)?);
        }
        Ok(vec![Message::text(words)?.quick_replies(row(buttons)?)])
    }
}
