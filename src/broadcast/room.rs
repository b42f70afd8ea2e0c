//! How much of LINE's room each field uses, told while somebody types. LINE counts UTF-16 units.

use super::content::{Block, Button, Manuscript, Target};
use super::messages::Setting;
use crate::line::message::MAX_TEXT;
use crate::line::text::length;

/// Most units of a title by which staff find a broadcast.
pub const MAX_TITLE: usize = 100;
/// Most units of a card's title: more would not stand on two lines of a phone.
pub const MAX_CARD_TITLE: usize = 40;
/// Most units of words in a bubble. LINE counts its bytes, of which so many units never take too many; and
/// nobody reads more on a card.
pub const MAX_CARD_TEXT: usize = 2000;
/// Most units of what a picture shows.
pub const MAX_SHOWS: usize = 400;
/// Most units on a button.
pub const MAX_LABEL: usize = 20;
/// Most units of an address.
pub const MAX_LINK: usize = 1000;
/// Most units of a telephone number.
pub const MAX_PHONE: usize = 20;

/// A field of a manuscript's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The title for staff.
    Title,
    /// The words of a block, from 0.
    Text(usize),
    /// What the picture of a block shows.
    Shows(usize),
    /// The title of a card.
    CardTitle(usize),
    /// What the button of a card says.
    Label(usize, usize),
    /// Where it leads.
    Target(usize, usize),
}

/// How much of a field is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Which field.
    pub field: Field,
    /// UTF-16 units in it.
    pub used: usize,
    /// Most that may be in it.
    pub limit: usize,
    /// It may not be empty.
    pub needed: bool,
}

impl Room {
    /// Whether what is in it can be sent.
    pub fn fits(&self) -> bool {
        self.used <= self.limit && !(self.needed && self.used == 0)
    }
}

/// The room of every field.
pub fn rooms(manuscript: &Manuscript, setting: Setting<'_>) -> Vec<Room> {
    let room = |field, words: &str, limit, needed| Room {
        field,
        used: length(words),
        limit,
        needed,
    };
    let mut rooms = vec![room(Field::Title, &manuscript.title, MAX_TITLE, true)];
    for (at, block) in manuscript.blocks.iter().enumerate() {
        match block {
            Block::Text { text } => {
                let around = manuscript.around(at, setting).length();
                let limit = MAX_TEXT.saturating_sub(around);
                rooms.push(room(Field::Text(at), text, limit, true));
            }
            Block::Picture { shows, text, .. } => {
                rooms.push(room(Field::Shows(at), shows, MAX_SHOWS, true));
                rooms.push(room(Field::Text(at), text, MAX_CARD_TEXT, false));
            }
            Block::Card {
                title,
                text,
                buttons,
                ..
            } => {
                rooms.push(room(Field::CardTitle(at), title, MAX_CARD_TITLE, true));
                rooms.push(room(Field::Text(at), text, MAX_CARD_TEXT, false));
                for (number, Button { label, target }) in buttons.iter().enumerate() {
                    rooms.push(room(Field::Label(at, number), label, MAX_LABEL, true));
                    let (target, most) = match target {
                        Target::Link(url) => (url, MAX_LINK),
                        Target::Phone(number) => (number, MAX_PHONE),
                    };
                    rooms.push(room(Field::Target(at, number), target, most, true));
                }
            }
        }
    }
    rooms
}
