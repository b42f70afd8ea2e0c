//! What the town answers. A person's words or tap become an `intent`, the intent a step of the
//! registration (pure, `registration`) or a question to what the town publishes (`answers`).
//!
//! [`decide`] reads, [`Turn::keep`] writes in the caller's transaction; nothing is sent from here.

mod answers;
mod areas;
mod card;
mod choices;
mod collections;
mod disaster;
mod intent;
mod late;
mod library;
mod phrases;
mod questions;
mod registration;
mod rehearsal;
mod search;
mod state;
mod store;
mod understand;
mod words;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::language::Language;
use crate::line::UserId;
use crate::line::message::{Message, MessageError};
use crate::policy::{self, Profile, Rules};
use crate::resident::{self, Resident};
use crate::richmenu::{self, Viewer};
use crate::staff::own_line;
use crate::text::fold;

use intent::Intent;
use library::{Library, Shelves};
use registration::{Desk, Visit};
use state::State;
use understand::Meant;

pub use rehearsal::{Asking, Basis, Considered, Function, Rehearsal, rehearse};

/// What answers rest on.
#[derive(Debug)]
pub struct Town {
    rules: Arc<Rules>,
    shelves: Shelves,
}

impl Town {
    /// The town under these rules.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            shelves: Shelves::default(),
        }
    }
}

/// What a person did in the chat. Prints without their words and place.
#[derive(Clone, PartialEq)]
pub enum Said {
    /// Added the account, or lifted a block.
    Follow,
    /// Blocked the account.
    Unfollow,
    /// Typed.
    Words(String),
    /// Tapped a button of ours.
    Tap {
        /// What the button carried.
        data: String,
        /// What was picked in a date picker.
        date: Option<NaiveDate>,
    },
    /// Sent where they are.
    Place {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// Sent a sticker, a picture, or whatever else there is.
    SomethingElse,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Follow => "Follow",
            Self::Unfollow => "Unfollow",
            Self::Words(_) => "Words(…)",
            Self::Tap { .. } => "Tap(…)",
            Self::Place { .. } => "Place(…)",
            Self::SomethingElse => "SomethingElse",
        })
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database did not answer.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No policy rules.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// An answer exceeds what LINE takes: a fault in our data or our sentences.
    #[error("an answer exceeds LINE's limits: {0}")]
    Message(#[from] MessageError),
}

/// Words that found no answer, for staff who may add one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredWord {
    /// The words, folded; digits are masked.
    pub word: String,
    /// How often.
    pub times: i64,
    /// When last.
    pub last_on: NaiveDate,
}

/// What a person is told, and what of them changes with it.
///
/// Deciding reads the database and writes nothing; [`Turn::keep`] writes, in the transaction that also
/// ends the event. One resident's events are decided one after the other, so nothing comes between.
#[derive(Debug)]
pub struct Turn {
    /// At most five; none when there is nothing to say.
    pub messages: Vec<Message>,
    user: UserId,
    at_ms: i64,
    now: Instant,
    change: Change,
    /// The data of a button that was tapped.
    tapped: Option<String>,
}

#[derive(Debug)]
enum Change {
    /// With what decides on their menu, of somebody known.
    Follow(Option<Viewer>),
    Unfollow,
    Visit(Box<Visited>),
    /// A code that somebody on the staff sent, to link this chat as their own.
    OwnLine(Option<Resident>, String),
}

#[derive(Debug)]
struct Visited {
    before: Option<Resident>,
    state: State,
    visit: Visit,
    unanswered: Option<String>,
}

/// Decides what `user` is told for what they did at `at_ms` (LINE's stamp, milliseconds).
///
/// # Errors
/// The database does not answer, or an answer exceeds LINE's limits.
pub async fn decide(
    db: &Db,
    town: &Town,
    now: Instant,
    user: &UserId,
    at_ms: i64,
    said: Said,
) -> Result<Turn, Error> {
    let tapped = match &said {
        Said::Tap { data, .. } => Some(data.clone()),
        _ => None,
    };
    let turn = |messages, change| Turn {
        messages,
        user: user.clone(),
        at_ms,
        now,
        change,
        tapped,
    };
    if said == Said::Unfollow {
        return Ok(turn(Vec::new(), Change::Unfollow));
    }
    let before = resident::find(db, user).await?;
    let known = before
        .clone()
        .unwrap_or_else(|| Resident::stranger(user.clone()));
    if let Said::Words(words) = &said
        && own_line::is_code(words)
    {
        let linked = own_line::meant(db, now, words).await?.is_some();
        let told = Message::text(phrases::own_line(known.language(), linked))?;
        return Ok(turn(vec![told], Change::OwnLine(before, words.clone())));
    }
    let library = Library::of(db, town);
    let directory = library.directory().await?;
    let profile = town.rules.at(now).await?;
    let desk = Desk::open(&profile, &directory, now);
    if said == Said::Follow {
        // Whoever comes back finds the menu LINE kept, or none: what is held of them may have changed.
        let viewer = before.as_ref().map(Viewer::from);
        let greeting = desk.greet(&known, before.is_some())?;
        return Ok(turn(greeting, Change::Follow(viewer)));
    }
    let since = now - TimeDelta::hours(profile.retention.half_finished_hours.into());
    let state = match &before {
        Some(resident) => store::state(db.conn(), resident.id, since).await?,
        None => State::Idle,
    };
    let mut visit = Visit {
        resident: known,
        state,
        erased: false,
    };
    let typed = matches!(said, Said::Words(_));
    let (meant, picked) = match said {
        Said::Tap { data, date } => (understand::tap(&data), date),
        Said::Words(words) => (understand::words(&words, state, &directory), None),
        Said::Place {
            latitude,
            longitude,
        } => (
            Meant::Place {
                latitude,
                longitude,
            },
            None,
        ),
        Said::SomethingElse | Said::Follow | Said::Unfollow => (Meant::Nothing, None),
    };
    let said = match &meant {
        Meant::Intent(intent) => desk.step(&mut visit, intent, picked),
        _ => None,
    };
    let said = match said {
        Some(messages) => messages
            .map(|messages| (messages, None))
            .map_err(Error::from),
        None if typed && meant.is_question() && !profile.replies.answer_words => {
            search::cannot_answer(&desk, &visit)
                .map(|messages| (messages, None))
                .map_err(Error::from)
        }
        None => answers::to(library, &desk, &mut visit, meant).await,
    };
    let told_too = late::still_useful(library, &desk, before.as_ref(), &visit).await;
    let said = said.and_then(|(mut messages, unanswered)| {
        // Before what is asked next.
        messages.splice(0..0, told_too?);
        Ok((messages, unanswered))
    });
    let (messages, unanswered) = match said {
        Err(Error::Message(error)) => {
            // Data nobody foresaw, a name of a thousand letters: the resident is answered all the same.
            tracing::error!(%error, "an answer exceeds LINE's limits; the fixed answer stands in for it");
            metrics::counter!("kairan_answers_over_limit_total").increment(1);
            (search::cannot_answer(&desk, &visit)?, None)
        }
        said => said?,
    };
    Ok(turn(
        messages,
        Change::Visit(Box::new(Visited {
            before,
            state,
            visit,
            unanswered,
        })),
    ))
}

impl Turn {
    /// The person, and what decides on their menu, if the turn changes that, or they have come back.
    pub fn new_viewer(&self) -> Option<(UserId, Viewer)> {
        let visited = match &self.change {
            Change::Follow(viewer) => return Some((self.user.clone(), (*viewer)?)),
            Change::Unfollow | Change::OwnLine(..) => return None,
            Change::Visit(visited) => visited,
        };
        let stranger = Resident::stranger(self.user.clone());
        let before = visited.before.as_ref().unwrap_or(&stranger);
        let after = if visited.visit.erased {
            Viewer::from(&stranger)
        } else {
            Viewer::from(&visited.visit.resident)
        };
        (Viewer::from(before) != after || !before.reachable).then(|| (self.user.clone(), after))
    }

    /// Writes what the turn changes. Of somebody who told us nothing, nothing is kept.
    ///
    /// # Errors
    /// The database does not answer; dropping the transaction undoes it all.
    pub async fn keep(self, tx: &Tx) -> Result<(), DbError> {
        let (now, at_ms) = (self.now, self.at_ms);
        match self.change {
            Change::Follow(_) => resident::follow(tx, now, &self.user, at_ms)
                .await
                .map(drop)?,
            Change::Unfollow => {
                store::forget_state_of(tx.conn(), &self.user).await?;
                resident::unfollow(tx, now, &self.user, at_ms).await?;
            }
            Change::OwnLine(before, words) => {
                let resident = match before {
                    Some(resident) => resident,
                    None => resident::follow(tx, now, &self.user, at_ms).await?,
                };
                own_line::link(tx, now, &words, resident.id).await?;
            }
            Change::Visit(visited) => {
                let gone = visited
                    .before
                    .as_ref()
                    .is_some_and(|resident| !resident.reachable);
                visited.keep(tx, now, at_ms).await?;
                if gone {
                    resident::hear_from(tx, now, &self.user, at_ms).await?;
                }
            }
        }
        match self.tapped {
            // Last: everybody who taps the same cell writes to one row.
            Some(data) => richmenu::count_tap(tx, date_in_japan(now), &data).await,
            None => Ok(()),
        }
    }
}

impl Visited {
    async fn keep(self, tx: &Tx, now: Instant, at_ms: i64) -> Result<(), DbError> {
        if let Some(words) = self.unanswered {
            store::count_unanswered(tx.conn(), &words, date_in_japan(now)).await?;
        }
        let before = self.before.as_ref();
        if self.visit.erased {
            return match before {
                Some(resident) => resident::erase(tx, resident).await,
                None => Ok(()),
            };
        }
        let resident = self.visit.resident;
        let untouched = match before {
            Some(before) => *before == resident,
            None => resident == Resident::stranger(resident.line_user_id.clone()),
        };
        // An unfinished question is stamped anew: its day begins with the last step.
        if untouched && self.visit.state == self.state && self.state == State::Idle {
            return Ok(());
        }
        let saved = resident::save(tx, now, before, resident, at_ms).await?;
        store::set_state(tx.conn(), now, saved.id, self.visit.state).await
    }
}

/// Forgets registrations left unfinished for `hours`; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn forget_half_finished(db: &Db, now: Instant, hours: u32) -> Result<u64, DbError> {
    let tx = db.begin().await?;
    let forgotten = store::forget_states(tx.conn(), now - TimeDelta::hours(hours.into())).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Forgets words nobody has asked for `days`; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn forget_words(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    let before = date_in_japan(now - TimeDelta::days(days.into()));
    let tx = db.begin().await?;
    let forgotten = store::forget_words(tx.conn(), before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// The words that most often found no answer.
///
/// # Errors
/// The database does not answer.
pub async fn unanswered_words(db: &Db, most: u64) -> Result<Vec<UnansweredWord>, DbError> {
    store::unanswered(db.conn(), most).await
}

/// Takes a word off the list of those without an answer: there is one now, or there will be none. `false`
/// when it was not there.
///
/// # Errors
/// The database does not answer.
pub async fn dismiss_word(db: &Db, now: Instant, who: Actor, word: &str) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let Some(times) = store::dismiss(tx.conn(), word).await? else {
        return Ok(false);
    };
    // Not the word: a resident wrote it, and the record is for ever.
    let entry = audit::Entry::of(who, "conversation.word_dismissed", ("unanswered_word", ""));
    audit::record(&tx, now, entry.with(json!({ "times": times }))).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether `data` is something a button of ours may carry; menus are checked with it. What only the
/// database knows, like a thing to sort, is not looked up.
pub fn is_postback(profile: &Profile, data: &str) -> bool {
    match Intent::from_data(data) {
        Some(Intent::Topic(id)) => profile.topics.iter().any(|topic| topic.id == id),
        Some(Intent::Speak(code)) => Language::parse(&code).is_ok(),
        Some(Intent::Words(words)) => !fold(&words).is_empty(),
        Some(_) => true,
        None => false,
    }
}
