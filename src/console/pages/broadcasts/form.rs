//! A manuscript as the form writes it: fields by name, times by Japan's clock.

use std::fmt::Write;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use crate::broadcast::content::{
    Audience, Block, Button, MAX_BLOCKS, MAX_BUTTONS, Manuscript, Target, Timing,
};
use crate::clock::{Instant, datetime_in_japan, instant_in_japan};
use crate::web::Errors;

/// A form's fields as they were sent, in order; some stand there more than once.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(in crate::console) struct Sent(Vec<(String, String)>);

impl Sent {
    /// What a field says, without blanks around it; empty when it was not sent.
    pub(in crate::console) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Everything said under this name.
    pub(in crate::console) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let said = self.0.iter().filter(move |(known, _)| known == name);
        said.map(|(_, value)| value.trim())
    }

    /// What is to be done with it: the name of the button that was pressed.
    pub(super) fn deed(&self) -> &str {
        match self.one("do") {
            "" => "save",
            deed => deed,
        }
    }
}

/// What the form sends, and shows again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) title: String,
    pub(super) category: String,
    pub(super) audience: String,
    pub(super) send_date: String,
    pub(super) send_time: String,
    pub(super) until_date: String,
    pub(super) until_time: String,
    pub(super) open_data: bool,
    pub(super) blocks: Vec<WrittenBlock>,
    /// The section or contractor for whom it is drafted.
    pub(super) house: String,
    /// What was read before writing.
    pub(super) revision: i32,
}

/// One message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WrittenBlock {
    pub(super) kind: String,
    pub(super) picture: String,
    pub(super) shows: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) buttons: Vec<WrittenButton>,
}

/// A button of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WrittenButton {
    pub(super) label: String,
    pub(super) kind: String,
    pub(super) target: String,
}

impl Written {
    /// Reads the form's fields. Those nobody knows are left out.
    pub(super) fn read(sent: &Sent) -> Self {
        let mut written = Self::default();
        for (name, value) in &sent.0 {
            // Browsers send lines with a carriage return.
            written.set(name, value.replace("\r\n", "\n"));
        }
        written.blocks.retain(|block| !block.kind.is_empty());
        written
    }

    fn set(&mut self, name: &str, value: String) {
        let field = match name {
            "title" => &mut self.title,
            "category" => &mut self.category,
            "audience" => &mut self.audience,
            "send-date" => &mut self.send_date,
            "send-time" => &mut self.send_time,
            "until-date" => &mut self.until_date,
            "until-time" => &mut self.until_time,
            "house" => &mut self.house,
            "revision" => return self.revision = value.parse().unwrap_or_default(),
            "open-data" => return self.open_data = true,
            _ => match self.of_block(name) {
                Some(field) => field,
                None => return,
            },
        };
        *field = value;
    }

    /// The field `block-0-text` or `block-0-button-1-label`.
    fn of_block(&mut self, name: &str) -> Option<&mut String> {
        let (at, field) = name.strip_prefix("block-")?.split_once('-')?;
        let block = place(&mut self.blocks, at, MAX_BLOCKS)?;
        Some(match field {
            "kind" => &mut block.kind,
            "picture" => &mut block.picture,
            "shows" => &mut block.shows,
            "title" => &mut block.title,
            "text" => &mut block.text,
            _ => {
                let (at, field) = field.strip_prefix("button-")?.split_once('-')?;
                let button = place(&mut block.buttons, at, MAX_BUTTONS)?;
                match field {
                    "label" => &mut button.label,
                    "kind" => &mut button.kind,
                    "target" => &mut button.target,
                    _ => return None,
                }
            }
        })
    }

    /// Does what a button between the fields asks for: `add-text`, `remove-0`, `up-1`, `down-0`,
    /// `button-0`.
    pub(super) fn arrange(&mut self, deed: &str) {
        let Some((verb, object)) = deed.split_once('-') else {
            return;
        };
        if verb == "add" && self.blocks.len() < MAX_BLOCKS {
            self.blocks.push(WrittenBlock {
                kind: object.to_owned(),
                ..WrittenBlock::default()
            });
            return;
        }
        let Some(at) = object.parse().ok().filter(|at| *at < self.blocks.len()) else {
            return;
        };
        match verb {
            "remove" => drop(self.blocks.remove(at)),
            "up" if at > 0 => self.blocks.swap(at, at - 1),
            "down" if at + 1 < self.blocks.len() => self.blocks.swap(at, at + 1),
            "button" if self.blocks[at].buttons.len() < MAX_BUTTONS => {
                self.blocks[at].buttons.push(WrittenButton::default());
            }
            _ => {}
        }
    }

    /// The form that would send `manuscript`.
    pub(super) fn of(manuscript: &Manuscript, revision: i32) -> Self {
        let (send_date, send_time) = said(manuscript.timing.send_at);
        let (until_date, until_time) = said(manuscript.timing.valid_until);
        Self {
            title: manuscript.title.clone(),
            category: manuscript.category.clone(),
            audience: match &manuscript.audience {
                Audience::Segment(expression) => expression.to_string(),
                Audience::Corrected(_) => String::new(),
            },
            send_date,
            send_time,
            until_date,
            until_time,
            open_data: manuscript.open_data,
            blocks: manuscript.blocks.iter().map(WrittenBlock::of).collect(),
            house: String::new(),
            revision,
        }
    }

    /// The manuscript as far as it can be read; `errors` has what cannot. Whether it may be sent is for
    /// the gates to say, a draft may be unfinished.
    pub(super) fn manuscript(&self, audience: Audience, errors: &mut Errors) -> Manuscript {
        let send_at = moment(&self.send_date, &self.send_time, "send-date", errors);
        let valid_until = moment(&self.until_date, &self.until_time, "until-date", errors);
        let mut blocks = Vec::new();
        for block in &self.blocks {
            match block.read() {
                Ok(block) => blocks.push(block),
                Err(fault) => errors.add("blocks", fault),
            }
        }
        Manuscript {
            title: self.title.trim().to_owned(),
            category: self.category.clone(),
            blocks,
            open_data: self.open_data,
            audience,
            timing: Timing {
                send_at,
                valid_until,
            },
        }
    }
}

impl WrittenBlock {
    fn of(block: &Block) -> Self {
        let (kind, title, shows, text) = match block {
            Block::Text { text } => ("text", "", "", text),
            Block::Picture { shows, text, .. } => ("picture", "", shows.as_str(), text),
            Block::Card { title, text, .. } => ("card", title.as_str(), "", text),
        };
        Self {
            kind: kind.to_owned(),
            picture: block.picture().map(|id| id.to_string()).unwrap_or_default(),
            shows: shows.to_owned(),
            title: title.to_owned(),
            text: text.clone(),
            buttons: block.buttons().iter().map(WrittenButton::of).collect(),
        }
    }

    fn read(&self) -> Result<Block, String> {
        let text = self.text.trim().to_owned();
        let picture = || self.picture.parse().ok();
        Ok(match self.kind.as_str() {
            "picture" => Block::Picture {
                picture: picture().ok_or("画像を選んでください。")?,
                shows: self.shows.trim().to_owned(),
                text,
            },
            "card" => Block::Card {
                title: self.title.trim().to_owned(),
                text,
                picture: picture(),
                buttons: self
                    .buttons
                    .iter()
                    .filter_map(WrittenButton::read)
                    .collect(),
            },
            _ => Block::Text { text },
        })
    }
}

impl WrittenButton {
    fn of(button: &Button) -> Self {
        let (kind, target) = match &button.target {
            Target::Link(url) => ("link", url),
            Target::Phone(number) => ("phone", number),
        };
        Self {
            label: button.label.clone(),
            kind: kind.to_owned(),
            target: target.clone(),
        }
    }

    /// Nothing, if nothing was written.
    fn read(&self) -> Option<Button> {
        let (label, target) = (self.label.trim().to_owned(), self.target.trim().to_owned());
        if label.is_empty() && target.is_empty() {
            return None;
        }
        let target = match self.kind.as_str() {
            "phone" => Target::Phone(target),
            _ => Target::Link(target),
        };
        Some(Button { label, target })
    }
}

/// The thing at place `at` of `things`, with all before it, if there may be so many.
fn place<'a, T: Default>(things: &'a mut Vec<T>, at: &str, most: usize) -> Option<&'a mut T> {
    let at: usize = at.parse().ok().filter(|at| *at < most)?;
    while things.len() <= at {
        things.push(T::default());
    }
    things.get_mut(at)
}

/// A date and a time as the browser's own fields have them.
fn said(at: Option<Instant>) -> (String, String) {
    let Some(civil) = at.map(datetime_in_japan) else {
        return Default::default();
    };
    let mut time = String::new();
    // Writing to a string cannot fail.
    let _ = write!(time, "{}", civil.time().format("%H:%M"));
    (civil.date().to_string(), time)
}

/// The moment that a date and a time say; nothing, when both are empty.
fn moment(date: &str, time: &str, field: &'static str, errors: &mut Errors) -> Option<Instant> {
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let day: Option<NaiveDate> = date.parse().ok();
    let hour = NaiveTime::parse_from_str(time, "%H:%M").ok();
    let moment = day
        .zip(hour)
        .map(|(day, hour)| instant_in_japan(day.and_time(hour)));
    if moment.is_none() {
        let what = match field {
            "send-date" => "配信する日時",
            _ => "届ける期限",
        };
        errors.add(
            field,
            format!("{what}は、日付と時刻の両方を入れてください（例：2026-12-01 と 09:00）。"),
        );
    }
    moment
}
