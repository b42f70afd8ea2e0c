//! Registering by tapping: pure. What the resident is, what was asked and what they mean go in;
//! what they become, what is asked next and what they are told come out.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::card;
use super::choices::{button, row};
use super::intent::{Intent, Item, Purpose};
use super::phrases;
use super::state::State;
use crate::area::Directory;
use crate::clock::{Instant, date_in_japan};
use crate::language::Language;
use crate::line::message::{Action, Confirm, Message, MessageError};
use crate::policy::Profile;
use crate::resident::{
    Child, ChildKind, Consent, GarbageReminder, Letters, MAX_CHILDREN, Residence, Resident,
};

/// What registering rests on.
pub(super) struct Desk<'a> {
    pub(super) profile: &'a Profile,
    pub(super) directory: &'a Directory,
    pub(super) now: Instant,
    pub(super) today: NaiveDate,
}

impl<'a> Desk<'a> {
    pub(super) fn open(profile: &'a Profile, directory: &'a Directory, now: Instant) -> Self {
        Self {
            profile,
            directory,
            now,
            today: date_in_japan(now),
        }
    }
}

/// A resident at the desk: what may change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    pub(super) resident: Resident,
    pub(super) state: State,
    /// Everything about them is to be erased.
    pub(super) erased: bool,
}

pub(super) type Said = Result<Vec<Message>, MessageError>;

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
            Intent::Letters(letters) => self.enlarge(visit, *letters),
            Intent::Show => card::of(self, &visit.resident).map(|card| vec![card]),
            Intent::Erase => self.confirm_erasure(visit),
            // The question stays in the chat for years; only its answer of today counts.
            Intent::EraseYes if visit.state != State::Erasing => self.confirm_erasure(visit),
            Intent::EraseYes => self.erase(visit),
            Intent::EraseNo => {
                visit.state = visit.state.after_aside();
                tell(phrases::kept(visit.resident.language()))
            }
            Intent::Cancel => {
                visit.state = match visit.state {
                    State::Asking { .. } => State::Idle,
                    state => state.after_aside(),
                };
                tell(phrases::left_off(visit.resident.language()))
            }
            Intent::StopChildren => self.stop_children(visit),
            Intent::Agree(version) => self.agree(visit, version),
            // What is held goes without more ado, whatever was agreed to.
            Intent::Remove(item) => self.remove(visit, *item),
            Intent::RemoveChild(child) => self.remove_child(visit, child),
            Intent::Ask(_)
            | Intent::Resume
            | Intent::Skip
            | Intent::Back
            | Intent::Browse(_, Purpose::Residence, _)
            | Intent::Live(_)
            | Intent::Remind(_)
            | Intent::Topic(_)
            | Intent::TopicsDone
            | Intent::AddChild(_)
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
            Intent::Resume => match (visit.state.open_tour(), visit.resident.is_registered()) {
                (Some(item), _) => self.ask(visit, item, true),
                (None, false) => self.ask(visit, Item::Area, true),
                (None, true) => card::of(self, &visit.resident).map(|card| vec![card]),
            },
            Intent::Skip => match visit.state {
                State::Asking { item, tour: true } => self.after(visit, item, None),
                state => {
                    visit.state = match state {
                        State::Asking { .. } => State::Idle,
                        state => state.after_aside(),
                    };
                    tell(phrases::left_off(language))
                }
            },
            Intent::Back => self.back(visit),
            Intent::Browse(shelf, _, number) => {
                let tour = visit.state.is_tour();
                visit.state = State::Asking {
                    item: Item::Area,
                    tour,
                };
                self.browse(visit, shelf, *number)
            }
            Intent::Live(residence) => self.live(visit, *residence),
            Intent::Remind(reminder) => self.remind(visit, *reminder),
            Intent::Topic(id) => self.topic(visit, id),
            Intent::TopicsDone => {
                visit.resident.topics.get_or_insert_default();
                let noted = phrases::topics_noted(language, &self.topics_of(&visit.resident));
                self.after(visit, Item::Topics, Some(noted))
            }
            Intent::AddChild(kind) => self.add_child(visit, *kind, picked),
            Intent::ChildrenDone => {
                visit.resident.children.get_or_insert_default();
                self.after(visit, Item::Children, None)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The next question, or the end: what was noted is said first.
    fn after(&self, visit: &mut Visit, item: Item, noted: Option<String>) -> Said {
        let language = visit.resident.language();
        let tour = visit.state.is_tour();
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

    fn agree(&self, visit: &mut Visit, version: &str) -> Said {
        let current = &self.profile.profile.version;
        if version != current {
            // They read another text than the one in force.
            return self.greet(&visit.resident, false);
        }
        if visit
            .resident
            .consent
            .as_ref()
            .is_none_or(|c| c.version != *current)
        {
            visit.resident.consent = Some(Consent {
                version: current.clone(),
                at: self.now,
            });
        }
        self.ask(visit, Item::Area, true)
    }

    fn live(&self, visit: &mut Visit, residence: Residence) -> Said {
        let language = visit.resident.language();
        let noted = match residence {
            Residence::Unanswered => None,
            Residence::Outside => Some(phrases::outside_noted(language)),
            Residence::Area(area) => match self.directory.get(area) {
                Some(area) => Some(phrases::area_noted(language, &area.label())),
                // A button of an old message, for an area that is no more.
                None => return self.ask(visit, Item::Area, visit.state.is_tour()),
            },
        };
        visit.resident.residence = residence;
        if visit.resident.area().is_none() {
            visit.resident.reminder = None;
        }
        self.after(visit, Item::Area, noted)
    }

    fn remind(&self, visit: &mut Visit, reminder: GarbageReminder) -> Said {
        let offered = self.reminders().any(|r| r == reminder);
        if !offered || visit.resident.area().is_none() {
            return self.ask(visit, Item::Reminder, visit.state.is_tour());
        }
        visit.resident.reminder = Some(reminder);
        let noted = phrases::reminder_noted(visit.resident.language(), reminder);
        self.after(visit, Item::Reminder, Some(noted))
    }

    fn remove_child(&self, visit: &mut Visit, child: &Child) -> Said {
        if let Some(children) = &mut visit.resident.children {
            children.remove(child);
        }
        Ok(vec![
            Message::text(phrases::child_removed(visit.resident.language()))?,
            card::of(self, &visit.resident)?,
        ])
    }

    fn topic(&self, visit: &mut Visit, id: &str) -> Said {
        let tour = visit.state.is_tour();
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

    fn add_child(&self, visit: &mut Visit, kind: ChildKind, picked: Option<NaiveDate>) -> Said {
        let language = visit.resident.language();
        let tour = visit.state.is_tour();
        visit.state = State::Asking {
            item: Item::Children,
            tour,
        };
        let children = visit.resident.children.get_or_insert_default();
        let words = match self.month(kind, picked) {
            None => phrases::child_month_odd(language),
            Some(_) if children.len() >= MAX_CHILDREN => phrases::children_many(language),
            Some(month) => {
                let child = Child { month, kind };
                let new = children.insert(child);
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
        if let Some(item) = visit.state.open_tour() {
            return self.ask(visit, item, true);
        }
        visit.state = State::Idle;
        Ok(vec![
            Message::text(phrases::language_noted(language))?,
            card::of(self, &visit.resident)?,
        ])
    }

    /// Like the language, a wish that nothing need be agreed to for.
    fn enlarge(&self, visit: &mut Visit, letters: Letters) -> Said {
        visit.resident.letters = Some(letters);
        visit.state = match visit.state {
            State::Asking { tour: false, .. } => State::Idle,
            state => state.after_aside(),
        };
        tell(phrases::letters_noted(visit.resident.language(), letters))
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
            Item::Letters => resident.letters = None,
        }
        Ok(vec![
            Message::text(phrases::removed(visit.resident.language()))?,
            card::of(self, &visit.resident)?,
        ])
    }

    fn confirm_erasure(&self, visit: &mut Visit) -> Said {
        visit.state = State::Erasing;
        let language = visit.resident.language();
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
