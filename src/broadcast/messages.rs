//! A manuscript as the messages that LINE is handed.

use std::collections::BTreeMap;

use crate::clock::Instant;
use crate::ids::MediaId;
use crate::line::message::flex::{
    Bubble, ButtonStyle, Color, Component, FlexBox, FlexButton, FlexImage, FlexText, Size, Spacing,
};
use crate::line::message::{Action, MAX_ALT_TEXT, Message, MessageError, Messages};
use crate::line::text::{fit, length};
use crate::media::Media;
use crate::policy::Profile;

use super::content::{Block, Button, Manuscript, Target};
use super::phrases;

const GREY: Color = Color::rgb(0x59_5959);
/// Between our words and the drafter's.
const GAP: &str = "\n\n";
/// Of a picture above words, LINE shows at most three times its width.
const MOST_HEIGHT: u32 = 3;

/// What a manuscript is put into messages with.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The rules in force.
    pub profile: &'a Profile,
    /// The pictures it uses.
    pub pictures: &'a BTreeMap<MediaId, Media>,
    /// Where the public reaches this server, without a slash at the end.
    pub public_url: &'a str,
    /// When the broadcast that this one corrects went out.
    pub corrected: Option<Instant>,
    /// For a test send: what lets its pictures be fetched. None for what residents receive.
    pub test: Option<&'a str>,
}

/// Why a block cannot become a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMessage {
    /// There are none, or too many.
    #[error("a broadcast has one to five blocks")]
    Blocks,
    /// There is no such picture.
    #[error("block {block} uses a picture that there is not")]
    NoPicture {
        /// Which, from 0.
        block: usize,
    },
    /// LINE would not take it.
    #[error("block {block}: {error}")]
    Block {
        /// Which, from 0.
        block: usize,
        /// Why not.
        error: MessageError,
    },
}

/// Words of ours around the drafter's.
#[derive(Debug, Default)]
pub(super) struct Around {
    above: Vec<String>,
    below: Vec<String>,
}

impl Manuscript {
    /// The messages that residents receive.
    ///
    /// # Errors
    /// The first block that LINE would not take.
    pub fn messages(&self, setting: Setting<'_>) -> Result<Messages, NotAMessage> {
        let blocks = self.blocks.iter().enumerate();
        let messages: Result<Vec<Message>, NotAMessage> = blocks
            .map(|(at, block)| {
                let picture = match block.picture() {
                    Some(id) => Some(
                        setting
                            .pictures
                            .get(&id)
                            .ok_or(NotAMessage::NoPicture { block: at })?,
                    ),
                    None => None,
                };
                message(block, picture, &self.around(at, setting), setting)
                    .map_err(|error| NotAMessage::Block { block: at, error })
            })
            .collect();
        Messages::new(messages?).map_err(|_| NotAMessage::Blocks)
    }

    /// Our words around those of a block: that it is a test, a correction and the category's label stand over everything, the
    /// licence under it.
    pub(super) fn around(&self, block: usize, setting: Setting<'_>) -> Around {
        let mut around = Around::default();
        if block == 0 {
            let label = setting.profile.category(&self.category);
            let label = label.and_then(|category| category.label.clone());
            let correction = setting.corrected.map(phrases::correction);
            let test = setting.test.map(|_| phrases::TEST_SEND.to_owned());
            around.above = test.into_iter().chain(correction).chain(label).collect();
        }
        if block + 1 == self.blocks.len() && self.open_data {
            let open = setting.profile.open_data.as_ref();
            around.below = open.map(phrases::open_data).into_iter().collect();
        }
        around
    }
}

fn message(
    block: &Block,
    picture: Option<&Media>,
    around: &Around,
    setting: Setting<'_>,
) -> Result<Message, MessageError> {
    let address = |media: &Media| {
        let open = format!("{}/media/{}", setting.public_url, media.id);
        match setting.test {
            Some(token) => format!("{open}/{token}"),
            None => open,
        }
    };
    match (block, picture) {
        (Block::Picture { shows, text, .. }, Some(media)) => {
            if text.is_empty() && around.is_empty() {
                return Message::image(address(media), address(media));
            }
            let words = if text.is_empty() { shows } else { text };
            let bubble = bubble(text_if_any(text)?, &[], around, setting)?;
            Message::flex(notified(words), bubble.hero(hero(media, address(media))?))
        }
        (
            Block::Card {
                title,
                text,
                buttons,
                ..
            },
            picture,
        ) => {
            let mut words = vec![FlexText::new(title)?.bold().size(Size::Lg).into()];
            words.extend(text_if_any(text)?);
            let mut bubble = bubble(words, buttons, around, setting)?;
            if let Some(media) = picture {
                bubble = bubble.hero(hero(media, address(media))?);
            }
            let said = match text.is_empty() {
                true => title.clone(),
                false => format!("{title}\n{text}"),
            };
            Message::flex(notified(&said), bubble)
        }
        (Block::Text { text } | Block::Picture { text, .. }, _) => {
            let mut parts: Vec<&str> = around.above.iter().map(String::as_str).collect();
            // The words themselves must be there, whatever stands around them.
            Message::text(text)?;
            parts.push(text);
            parts.extend(around.below.iter().map(String::as_str));
            Message::text(parts.join(GAP))
        }
    }
}

/// What a notification says.
fn notified(words: &str) -> String {
    fit(words, MAX_ALT_TEXT)
}

fn text_if_any(text: &str) -> Result<Vec<Component>, MessageError> {
    match text.is_empty() {
        true => Ok(Vec::new()),
        false => Ok(vec![FlexText::new(text)?.into()]),
    }
}

fn hero(media: &Media, address: String) -> Result<FlexImage, MessageError> {
    let height = media.height.min(media.width.saturating_mul(MOST_HEIGHT));
    FlexImage::new(address)?
        .size(Size::Full)
        .cover(media.width, height)
}

fn bubble(
    words: Vec<Component>,
    buttons: &[Button],
    around: &Around,
    setting: Setting<'_>,
) -> Result<Bubble, MessageError> {
    let small = |words: &String| Ok(FlexText::new(words)?.size(Size::Sm).color(GREY).into());
    let above = around.above.iter().map(small);
    let below = around.below.iter().map(small);
    let body: Result<Vec<Component>, MessageError> = above
        .chain(words.into_iter().map(Ok))
        .chain(below)
        .collect();
    let bubble = Bubble::new(FlexBox::vertical(body?).spacing(Spacing::Md));
    if buttons.is_empty() {
        return Ok(bubble);
    }
    let mut rows = Vec::new();
    for button in buttons {
        rows.extend(tappable(button, setting)?);
    }
    Ok(bubble.footer(FlexBox::vertical(rows).spacing(Spacing::Sm)))
}

/// A button; under one that leads away, where it leads.
fn tappable(button: &Button, setting: Setting<'_>) -> Result<Vec<Component>, MessageError> {
    let address = match &button.target {
        Target::Link(url) => url.clone(),
        Target::Phone(number) => format!("tel:{}", digits(number)),
    };
    let action = Action::uri(&button.label, address)?;
    let drawn = FlexButton::new(action)?
        .style(ButtonStyle::Secondary)
        .small();
    let mut rows = vec![drawn.into()];
    let beside = match &button.target {
        Target::Link(url) => setting
            .profile
            .links
            .check(url)
            .ok()
            .map(|link| phrases::leads_to(&link.host)),
        Target::Phone(number) => Some(phrases::calls(number)),
    };
    if let Some(beside) = beside {
        let beside = FlexText::new(beside)?.size(Size::Xs).color(GREY);
        rows.push(
            beside
                .align(crate::line::message::flex::Align::Center)
                .into(),
        );
    }
    Ok(rows)
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

impl Around {
    /// The units that they take of a text's.
    pub(super) fn length(&self) -> usize {
        let parts = self.above.iter().chain(&self.below);
        parts.map(|part| length(part) + length(GAP)).sum()
    }

    fn is_empty(&self) -> bool {
        self.above.is_empty() && self.below.is_empty()
    }
}
