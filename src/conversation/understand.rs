//! From what was said to what was meant, given what was asked last.

use super::areas;
use super::intent::{Days, Intent, Item, Purpose};
use super::state::State;
use super::words::{self, AboutDays};
use crate::area::Directory;
use crate::resident::Residence;
use crate::richmenu::Tap;
use crate::text::fold;

/// What a person meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meant {
    /// Something we know.
    Intent(Intent),
    /// Something to look for in what the town publishes; while an area is asked for, with what for.
    Search(String, Option<Purpose>),
    /// Here I am.
    Place { latitude: f64, longitude: f64 },
    /// A loss, spoken of in passing.
    Loss,
    /// Thanks, which ask nothing.
    Thanks,
    /// A button that is none of ours any more.
    OldButton,
    /// Switched to another menu: LINE shows it, there is nothing to say.
    Switched,
    /// Nothing words could be found in.
    Nothing,
}

impl Meant {
    /// It asks what the town publishes, rather than steers the account or answers what it asked.
    pub(super) fn is_question(&self) -> bool {
        match self {
            Self::Search(_, asked) => asked.is_none(),
            Self::Intent(intent) => matches!(
                intent,
                Intent::Garbage(_)
                    | Intent::GarbageIn(..)
                    | Intent::Browse(_, Purpose::Visit, _)
                    | Intent::Next(_)
                    | Intent::Sort(_)
                    | Intent::Question(_)
            ),
            _ => false,
        }
    }
}

/// Reads a tapped button, or a tapped cell of a menu.
pub(super) fn tap(data: &str) -> Meant {
    let data = match Tap::read(data) {
        Some(Tap { data: None, .. }) => return Meant::Switched,
        Some(Tap {
            data: Some(data), ..
        }) => data,
        None => data,
    };
    match Intent::from_data(data) {
        Some(Intent::Words(words)) => Meant::Search(words, None),
        Some(intent) => Meant::Intent(intent),
        None => Meant::OldButton,
    }
}

/// Reads free words. While an area is asked for, they name one, unless they are a command or a
/// question about days: those may interrupt at any step.
pub(super) fn words(words: &str, state: State, directory: &Directory) -> Meant {
    if words::speak_of_loss(words) {
        return Meant::Loss;
    }
    if words::are_thanks(words) {
        return Meant::Thanks;
    }
    let purpose = match state {
        State::Asking {
            item: Item::Area, ..
        } => Some(Purpose::Residence),
        State::OtherArea { .. } => Some(Purpose::Visit),
        State::Asking { .. } | State::Idle | State::Erasing => None,
    };
    if let Some(intent) = words::command(words) {
        // Going back or skipping means something only while something is asked.
        let needs_a_question = matches!(intent, Intent::Back | Intent::Skip | Intent::Resume);
        if !needs_a_question || state != State::Idle {
            return Meant::Intent(intent);
        }
    }
    let about_days = words::about_days(words);
    if let Some(purpose) = purpose {
        if purpose == Purpose::Residence
            && ["市外", "outside"].iter().any(|w| fold(w) == fold(words))
        {
            return Meant::Intent(Intent::Live(Residence::Outside));
        }
        if let Some(area) = areas::meant(directory, words, purpose) {
            return Meant::Intent(area);
        }
    }
    match about_days {
        Some(AboutDays { days, plain: true }) => Meant::Intent(Intent::Garbage(days)),
        Some(AboutDays { days, plain: false }) => match area_named_in(words, directory, days) {
            Some(elsewhere) => Meant::Intent(elsewhere),
            // 「明日は燃えるごみ？」: the day answers it.
            None => Meant::Intent(Intent::Garbage(days)),
        },
        None => Meant::Search(words.trim().to_owned(), purpose),
    }
}

/// The area whose name stands in the words, the longest if several do.
fn area_named_in(words: &str, directory: &Directory, days: Days) -> Option<Intent> {
    let folded = fold(words);
    let name = directory
        .areas()
        .map(|area| area.name.as_str())
        .filter(|name| folded.contains(&fold(name)))
        .max_by_key(|name| name.len())?;
    match areas::meant(directory, name, Purpose::Visit)? {
        Intent::GarbageIn(area, _) => Some(Intent::GarbageIn(area, days)),
        several => Some(several),
    }
}
