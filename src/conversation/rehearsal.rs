//! What the account would answer somebody, and why: for staff who write its answers. Nobody is sent
//! anything, and nothing is kept or counted.

use super::answers;
use super::intent::Intent;
use super::library::Library;
use super::registration::{Desk, Visit};
use super::search;
use super::state::State;
use super::understand::{self, Meant};
use super::{Error, Town};
use crate::clock::Instant;
use crate::db::Db;
use crate::ids::{AreaId, FaqId};
use crate::language::Language;
use crate::line::UserId;
use crate::line::message::Message;
use crate::resident::{Consent, Residence, Resident};

/// Questions told of that came close.
const CLOSE: usize = 5;

/// What somebody might write.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Their words.
    pub words: &'a str,
    /// What they read.
    pub language: Language,
    /// Where they live; `None` for somebody who has not registered.
    pub area: Option<AreaId>,
}

/// What they would be answered.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// The messages; none where the policy keeps silence.
    pub messages: Vec<Message>,
    /// What they rest on.
    pub basis: Basis,
    /// The frequent questions that come closest to the words, best first, whether they were answered or not.
    pub questions: Vec<Considered>,
    /// The words would be counted as unanswered, in this form.
    pub counted: Option<String>,
}

/// What an answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// One of the account's functions was asked for.
    Function(Function),
    /// The garbage calendar: when a category is collected next.
    NextDay,
    /// The dictionary of sorting.
    Sorting,
    /// A frequent question.
    Question(FaqId),
    /// Nothing for sure: they are asked which they mean.
    Near,
    /// It was a question in words, which the policy answers only when tapped.
    TapsOnly,
    /// Nothing published: the fixed answer, or silence, as the policy has it.
    Nothing,
}

/// What the account can do besides answering questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Say what can be asked.
    Help,
    /// Register, show, change and erase what is held.
    Registration,
    /// Tell the days of collection.
    Collections,
    /// Explain how to look up sorting.
    SortingHelp,
    /// What about disasters.
    Disaster,
    /// Where to turn.
    Inquiry,
    /// Speak of a loss: no notice of children must follow.
    Loss,
    /// Take thanks.
    Thanks,
}

/// A frequent question, as the search saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// Which.
    pub id: FaqId,
    /// As the town words it.
    pub question: String,
    /// The words it shares with what was asked.
    pub shared: Vec<String>,
    /// 0 to 1: how sure it is that it is meant.
    pub confidence: f64,
}

/// Answers as [`super::decide`] would.
///
/// # Errors
/// The database does not answer, or the answer exceeds LINE's limits.
pub async fn rehearse(
    db: &Db,
    town: &Town,
    now: Instant,
    asking: Asking<'_>,
) -> Result<Rehearsal, Error> {
    let library = Library::of(db, town);
    let directory = library.directory().await?;
    let profile = town.rules.at(now).await?;
    let desk = Desk::open(&profile, &directory, now);
    let mut visit = Visit {
        resident: somebody(&desk, asking),
        state: State::Idle,
        erased: false,
    };
    let index = library.faq().await?;
    let considered = index.search(asking.words).into_iter().take(CLOSE);
    let questions = considered
        .map(|hit| Considered {
            id: hit.entry.id,
            question: hit.entry.question.clone(),
            shared: index.shared(asking.words, hit.entry.id),
            confidence: hit.confidence,
        })
        .collect();
    let meant = understand::words(asking.words, State::Idle, &directory);
    let (messages, basis, counted) = match meant {
        meant if meant.is_question() && !profile.replies.answer_words => {
            (search::cannot_answer(&desk, &visit)?, Basis::TapsOnly, None)
        }
        Meant::Search(words, _) => match search::published(library, &desk, &visit, &words).await? {
            Some((messages, basis)) => (messages, basis, None),
            None => {
                let counted = search::countable(&words);
                (
                    search::cannot_answer(&desk, &visit)?,
                    Basis::Nothing,
                    counted,
                )
            }
        },
        meant => {
            let basis = Basis::Function(function(&meant));
            let said = match &meant {
                Meant::Intent(intent) => desk.step(&mut visit, intent, None),
                _ => None,
            };
            let messages = match said {
                Some(messages) => messages?,
                None => answers::to(library, &desk, &mut visit, meant).await?.0,
            };
            (messages, basis, None)
        }
    };
    Ok(Rehearsal {
        messages,
        basis,
        questions,
        counted,
    })
}

/// A resident who never was.
fn somebody(desk: &Desk<'_>, asking: Asking<'_>) -> Resident {
    let mut somebody = Resident::stranger(UserId::nobody());
    somebody.language = Some(asking.language);
    if let Some(area) = asking.area {
        somebody.residence = Residence::Area(area);
        somebody.consent = Some(Consent {
            version: desk.profile.profile.version.clone(),
            at: desk.now,
        });
    }
    somebody
}

fn function(meant: &Meant) -> Function {
    match meant {
        Meant::Loss => Function::Loss,
        Meant::Thanks => Function::Thanks,
        Meant::Intent(intent) => match intent {
            Intent::Garbage(_) | Intent::GarbageIn(..) | Intent::OtherArea | Intent::Next(_) => {
                Function::Collections
            }
            Intent::SortingHelp | Intent::Sort(_) => Function::SortingHelp,
            Intent::Disaster | Intent::Evacuation | Intent::Near(..) => Function::Disaster,
            Intent::Inquiry => Function::Inquiry,
            Intent::Help => Function::Help,
            _ => Function::Registration,
        },
        _ => Function::Help,
    }
}
