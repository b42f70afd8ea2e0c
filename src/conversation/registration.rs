//! Registering by tapping: pure. What the resident is, what was asked and what they mean go in;
//! what they become, what is asked next and what they are told come out.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};

use super::areas;
use super::card;
use super::choices::{button, page, row};
use super::intent::{Intent, Item, Purpose, Shelf};
use super::phrases;
use super::state::State;
use crate::area::Directory;
use crate::clock::Instant;
use crate::language::Language;
use crate::line::message::{Action, Confirm, DatePicker, Message, MessageError};
use crate::policy::Profile;
use crate::resident::{
    Child, ChildKind, Consent, GarbageReminder, Month, ReminderDay, Residence, Resident,
};

/// Youngest birth month accepted is this month; oldest, this many years back.
const CHILDREN_UP_TO_YEARS: u32 = 18;
/// Latest due month, in months from now.
const DUE_WITHIN_MONTHS: u32 = 10;

/// What registering rests on.
pub(super) struct Desk<'a> {
    pub(super) profile: &'a Profile,
    pub(super) directory: &'a Directory,
    pub(super) now: Instant,
    pub(super) today: NaiveDate,
}

/// A resident at the desk: what may change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    pub(super) resident: Resident,
    pub(super) state: State,
    /// Everything about them is to be erased.
    pub(super) erased: bool,
}

type Said = Result<Vec<Message>, MessageError>;

impl Desk<'_> {
    /// What the resident is told on arriving: who operates this, what is asked and why.
    pub(super) fn greet(&self, resident: &Resident, back_again: bool) -> Said {
        let language = resident.language();
        if back_again && resident.consent.is_some() {
            return Ok(vec![
                Message::text(phrases::welcome_back(language, self.profile))?,
                card::of(self, resident)?,
            ]);
        }
        let mut buttons: Vec<Action> = Language::all()
            .filter(|other| *other != language)
            .map(|other| button(&other.name(), &Intent::Speak(other.code().to_owned())))
            .collect::<Result<_, _>>()?;
        buttons.push(button(&phrases::later(language), &Intent::Help)?);
        Ok(vec![
            Message::text(phrases::greeting(language, self.profile))?,
            card::purposes(self, language)?.quick_replies(row(buttons)?),
        ])
    }

    /// Takes one step; `None` when the intent is no matter of registration.
    pub(super) fn step(
        &self,
        visit: &mut Visit,
        intent: &Intent,
        picked: Option<NaiveDate>,
    ) -> Option<Said> {
        let said = match intent {
            Intent::Speak(code) => self.speak(visit, code),
            Intent::Show => card::of(self, &visit.resident).map(|card| vec![card]),
            Intent::Erase => self.confirm_erasure(&visit.resident),
            Intent::EraseYes => self.erase(visit),
            Intent::EraseNo => tell(phrases::kept(visit.resident.language())),
            Intent::Cancel => {
                visit.state = State::Idle;
                tell(phrases::left_off(visit.resident.language()))
            }
            Intent::StopChildren => self.stop_children(visit),
            Intent::Agree => {
                visit.resident.consent.get_or_insert_with(|| Consent {
                    version: self.profile.profile.version.clone(),
                    at: self.now,
                });
                self.ask(visit, Item::Area, true)
            }
            Intent::Ask(_)
            | Intent::Resume
            | Intent::Skip
            | Intent::Back
            | Intent::Remove(_)
            | Intent::Browse(_, Purpose::Residence, _)
            | Intent::Live(_)
            | Intent::Remind(_)
            | Intent::Topic(_)
            | Intent::TopicsDone
            | Intent::AddChild(_)
            | Intent::RemoveChild(_)
            | Intent::ChildrenDone => {
                // Nothing is written down before the resident knows why.
                if visit.resident.consent.is_none() {
                    self.greet(&visit.resident, false)
                } else {
                    self.fill_in(visit, intent, picked)
                }
            }
            _ => return None,
        };
        Some(said)
    }

    fn fill_in(&self, visit: &mut Visit, intent: &Intent, picked: Option<NaiveDate>) -> Said {
        let language = visit.resident.language();
        match intent {
            Intent::Ask(item) => self.ask(visit, *item, false),
            Intent::Resume => match visit.state {
                State::Asking { item, tour } => self.ask(visit, item, tour),
                State::Idle | State::OtherArea => {
                    card::of(self, &visit.resident).map(|card| vec![card])
                }
            },
            Intent::Skip => match visit.state {
                State::Asking { item, tour: true } => self.after(visit, item, None),
                _ => {
                    visit.state = State::Idle;
                    tell(phrases::left_off(language))
                }
            },
            Intent::Back => self.back(visit),
            Intent::Remove(item) => self.remove(visit, *item),
            Intent::Browse(shelf, _, number) => {
                let tour = matches!(visit.state, State::Asking { tour: true, .. });
                visit.state = State::Asking {
                    item: Item::Area,
                    tour,
                };
                self.browse(visit, shelf, *number)
            }
            Intent::Live(residence) => self.live(visit, *residence),
            Intent::Remind(reminder) => {
                visit.resident.reminder = Some(*reminder);
                let noted = phrases::reminder_noted(language, *reminder);
                self.after(visit, Item::Reminder, Some(noted))
            }
            Intent::Topic(id) => self.topic(visit, id),
            Intent::TopicsDone => {
                visit.resident.topics.get_or_insert_default();
                let noted = phrases::topics_noted(language, &self.topics_of(&visit.resident));
                self.after(visit, Item::Topics, Some(noted))
            }
            Intent::AddChild(kind) => self.add_child(visit, *kind, picked),
            Intent::RemoveChild(child) => {
                if let Some(children) = &mut visit.resident.children {
                    children.remove(child);
                }
                Ok(vec![
                    Message::text(phrases::child_removed(language))?,
                    card::of(self, &visit.resident)?,
                ])
            }
            Intent::ChildrenDone => {
                visit.resident.children.get_or_insert_default();
                self.after(visit, Item::Children, None)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Asks an item; `tour` when the next item follows its answer.
    fn ask(&self, visit: &mut Visit, item: Item, tour: bool) -> Said {
        visit.state = State::Asking { item, tour };
        let language = visit.resident.language();
        match item {
            Item::Area => self.browse(visit, &Shelf::Entrance, 0),
            Item::Reminder => {
                let mut hours: Vec<(String, Intent)> = self
                    .reminders()
                    .map(|r| (phrases::reminder_label(language, r), Intent::Remind(r)))
                    .collect();
                hours.push((
                    phrases::reminder_label(language, GarbageReminder::Never),
                    Intent::Remind(GarbageReminder::Never),
                ));
                let choices = page(
                    language,
                    &hours,
                    0,
                    |_| Intent::Ask(item),
                    self.ways_on(language, tour)?,
                )?;
                Ok(vec![
                    Message::text(phrases::ask_reminder(language))?.quick_replies(choices),
                ])
            }
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
        }
    }

    fn reminders(&self) -> impl Iterator<Item = GarbageReminder> {
        let hours = &self.profile.reminder;
        let before = hours
            .evening_before
            .iter()
            .map(|t| (ReminderDay::Before, *t));
        let same = hours.that_morning.iter().map(|t| (ReminderDay::Same, *t));
        before
            .chain(same)
            .map(|(day, time)| GarbageReminder::At(day, time))
    }

    /// The buttons every question ends with: not now, and the question before.
    fn ways_on(&self, language: Language, tour: bool) -> Result<Vec<Action>, MessageError> {
        let skip = if tour {
            phrases::skip(language)
        } else {
            phrases::leave_as_is(language)
        };
        Ok(vec![
            button(&skip, &Intent::Skip)?,
            button(&phrases::back(language), &Intent::Back)?,
        ])
    }

    /// The next question, or the end: what was noted is said first.
    fn after(&self, visit: &mut Visit, item: Item, noted: Option<String>) -> Said {
        let language = visit.resident.language();
        let tour = matches!(visit.state, State::Asking { tour: true, .. });
        let mut said: Vec<Message> = noted.map(Message::text).transpose()?.into_iter().collect();
        match next_item(item, &visit.resident).filter(|_| tour) {
            Some(next) => said.extend(self.ask(visit, next, true)?),
            None => {
                visit.state = State::Idle;
                if tour {
                    said.push(Message::text(phrases::registered(language))?);
                }
                said.push(card::of(self, &visit.resident)?);
            }
        }
        Ok(said)
    }

    fn back(&self, visit: &mut Visit) -> Said {
        match visit.state {
            State::Asking { item, tour: true } => {
                let before = item_before(item, &visit.resident);
                self.ask(visit, before, true)
            }
            _ => {
                visit.state = State::Idle;
                card::of(self, &visit.resident).map(|card| vec![card])
            }
        }
    }

    fn browse(&self, visit: &Visit, shelf: &Shelf, number: usize) -> Said {
        let language = visit.resident.language();
        let tour = matches!(visit.state, State::Asking { tour: true, .. });
        let always = vec![
            button(
                &phrases::outside(language),
                &Intent::Live(Residence::Outside),
            )?,
            button(
                &if tour {
                    phrases::rather_not_say(language)
                } else {
                    phrases::leave_as_is(language)
                },
                &Intent::Skip,
            )?,
        ];
        areas::ask(
            self.directory,
            language,
            shelf,
            Purpose::Residence,
            number,
            always,
        )
    }

    fn live(&self, visit: &mut Visit, residence: Residence) -> Said {
        let language = visit.resident.language();
        if let Residence::Area(area) = residence
            && self.directory.get(area).is_none()
        {
            // A button of an old message, for an area that is no more.
            return self.ask(
                visit,
                Item::Area,
                matches!(visit.state, State::Asking { tour: true, .. }),
            );
        }
        visit.resident.residence = residence;
        if visit.resident.area().is_none() {
            visit.resident.reminder = None;
        }
        let noted = match visit.resident.area().and_then(|a| self.directory.get(a)) {
            Some(area) => phrases::area_noted(language, &area.label()),
            None => phrases::outside_noted(language),
        };
        self.after(visit, Item::Area, Some(noted))
    }

    fn ask_topics(&self, visit: &Visit, tour: bool) -> Said {
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
        let choices = page(language, &topics, 0, |_| Intent::Ask(Item::Topics), always)?;
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

    fn topic(&self, visit: &mut Visit, id: &str) -> Said {
        let tour = matches!(visit.state, State::Asking { tour: true, .. });
        if self.profile.topic(id).is_some() {
            let topics = visit.resident.topics.get_or_insert_default();
            if !topics.remove(id) {
                topics.insert(id.to_owned());
            }
        }
        visit.state = State::Asking {
            item: Item::Topics,
            tour,
        };
        self.ask_topics(visit, tour)
    }

    fn ask_children(&self, visit: &Visit, tour: bool, words: String) -> Said {
        let language = visit.resident.language();
        let today = self.today;
        let oldest = today
            .checked_sub_months(Months::new(12 * CHILDREN_UP_TO_YEARS))
            .unwrap_or(today);
        let latest = today
            .checked_add_months(Months::new(DUE_WITHIN_MONTHS))
            .unwrap_or(today);
        let born = Action::date_picker(
            phrases::add_birth(language),
            Intent::AddChild(ChildKind::Born).to_string(),
            DatePicker::date(Some(today), Some(oldest), Some(today))?,
        )?;
        let due = Action::date_picker(
            phrases::add_due(language),
            Intent::AddChild(ChildKind::Due).to_string(),
            DatePicker::date(Some(today), Some(today), Some(latest))?,
        )?;
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
            buttons.push(button(&phrases::back(language), &Intent::Back)?);
        }
        Ok(vec![Message::text(words)?.quick_replies(row(buttons)?)])
    }

    fn add_child(&self, visit: &mut Visit, kind: ChildKind, picked: Option<NaiveDate>) -> Said {
        let language = visit.resident.language();
        let tour = matches!(visit.state, State::Asking { tour: true, .. });
        visit.state = State::Asking {
            item: Item::Children,
            tour,
        };
        let this_month = Month::of(self.today);
        let oldest = self
            .today
            .checked_sub_months(Months::new(12 * CHILDREN_UP_TO_YEARS));
        let latest = self
            .today
            .checked_add_months(Months::new(DUE_WITHIN_MONTHS));
        let month = picked.map(Month::of).filter(|month| match kind {
            ChildKind::Born => {
                *month <= this_month && oldest.is_none_or(|o| *month >= Month::of(o))
            }
            ChildKind::Due => *month >= this_month && latest.is_none_or(|l| *month <= Month::of(l)),
        });
        let words = match month {
            None => phrases::child_month_odd(language),
            Some(month) => {
                let child = Child { month, kind };
                let new = visit
                    .resident
                    .children
                    .get_or_insert_default()
                    .insert(child);
                phrases::child_noted(language, child, new)
            }
        };
        self.ask_children(visit, tour, words)
    }

    /// One tap, no question: every notice about a child or a pregnancy ends.
    fn stop_children(&self, visit: &mut Visit) -> Said {
        visit.state = State::Idle;
        if visit.resident.children.is_some() {
            visit.resident.children = Some(BTreeSet::new());
        }
        if let Some(topics) = &mut visit.resident.topics {
            topics.retain(|id| {
                self.profile
                    .topic(id)
                    .is_none_or(|topic| !topic.about_children)
            });
        }
        tell(phrases::children_stopped(visit.resident.language()))
    }

    fn speak(&self, visit: &mut Visit, code: &str) -> Said {
        let Ok(language) = Language::parse(code) else {
            return self.ask(visit, Item::Language, false);
        };
        visit.resident.language = Some(language);
        if visit.resident.consent.is_none() {
            return self.greet(&visit.resident, false);
        }
        if let State::Asking { item, tour: true } = visit.state {
            return self.ask(visit, item, true);
        }
        visit.state = State::Idle;
        Ok(vec![
            Message::text(phrases::language_noted(language))?,
            card::of(self, &visit.resident)?,
        ])
    }

    fn remove(&self, visit: &mut Visit, item: Item) -> Said {
        visit.state = State::Idle;
        let resident = &mut visit.resident;
        match item {
            Item::Area => {
                resident.residence = Residence::Unanswered;
                // Without an area no collection can be announced.
                resident.reminder = None;
            }
            Item::Reminder => resident.reminder = None,
            Item::Topics => resident.topics = None,
            Item::Children => resident.children = None,
            Item::Language => resident.language = None,
        }
        Ok(vec![
            Message::text(phrases::removed(visit.resident.language()))?,
            card::of(self, &visit.resident)?,
        ])
    }

    fn confirm_erasure(&self, resident: &Resident) -> Said {
        let language = resident.language();
        let question = phrases::erase_question(language);
        let confirm = Confirm::new(
            question.clone(),
            button(&phrases::erase_yes(language), &Intent::EraseYes)?,
            button(&phrases::erase_no(language), &Intent::EraseNo)?,
        )?;
        Ok(vec![Message::template(question, confirm)?])
    }

    fn erase(&self, visit: &mut Visit) -> Said {
        visit.erased = true;
        visit.state = State::Idle;
        let language = visit.resident.language();
        let help = button(&phrases::help_button(language), &Intent::Help)?;
        Ok(vec![
            Message::text(phrases::erased(language))?.quick_replies(row(vec![help])?),
        ])
    }
}

fn tell(words: String) -> Said {
    Ok(vec![Message::text(words)?])
}

/// The question after `item`: the hour is asked only of those whose collections we know.
fn next_item(item: Item, resident: &Resident) -> Option<Item> {
    let later = Item::TOUR.iter().skip_while(|i| **i != item).skip(1);
    later
        .copied()
        .find(|i| *i != Item::Reminder || resident.area().is_some())
}

fn item_before(item: Item, resident: &Resident) -> Item {
    Item::TOUR
        .iter()
        .take_while(|i| **i != item)
        .copied()
        .filter(|i| *i != Item::Reminder || resident.area().is_some())
        .last()
        .unwrap_or(Item::Area)
}
