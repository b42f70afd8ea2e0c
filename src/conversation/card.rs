//! Cards: what is asked for which purpose, under a resident's consent; and わたしの登録, everything the
//! town holds of them, each item with its change and its removal.

use super::choices::button;
use super::intent::{Intent, Item};
use super::phrases;
use super::registration::Desk;
use crate::language::Language;
use crate::line::message::flex::{
    Bubble, BubbleSize, ButtonStyle, Color, Component, FlexBox, FlexButton, FlexText, Gravity,
    Separator, Size, Spacing,
};
use crate::line::message::{Action, Message, MessageError, QuickReplies};
use crate::line::text::fit;
use crate::resident::{Child, Residence, Resident};

/// LINE's limit on a label in a card.
const LABEL: usize = 40;
const INK: Color = Color::rgb(0x1A1A1A);
const QUIET: Color = Color::rgb(0x595959);
const LINK: Color = Color::rgb(0x1B5FB0);
/// White letters stand on it at 5 : 1.
const GREEN: Color = Color::rgb(0x067A3A);

/// What is asked and why, with the button that agrees to it.
pub(super) fn purposes(desk: &Desk<'_>, language: Language) -> Result<Message, MessageError> {
    let title = phrases::purposes_title(language);
    let mut body = vec![
        heading(&title)?,
        quiet(phrases::purposes_free(language))?.into(),
    ];
    for item in Item::TOUR.into_iter().chain([Item::Language]) {
        let asked = FlexText::new(phrases::item(language, item))?
            .size(Size::Sm)
            .bold()
            .color(INK);
        let purpose = quiet(phrases::purpose(language, item))?;
        body.push(
            FlexBox::horizontal(vec![asked.flex(1).into(), purpose.flex(1).into()])
                .spacing(Spacing::Md)
                .margin(Spacing::Lg)
                .into(),
        );
    }
    body.push(rule());
    body.push(
        quiet(phrases::purposes_promise(language, desk.profile))?
            .margin(Spacing::Lg)
            .into(),
    );
    let version = desk.profile.profile.version.clone();
    let agree = button(
        &phrases::agree_and_register(language),
        &Intent::Agree(version),
    )?;
    let footer = FlexBox::vertical(vec![
        FlexButton::new(agree)?
            .style(ButtonStyle::Primary)
            .color(GREEN)
            .into(),
    ]);
    Message::flex(title, wide(body).footer(footer))
}

/// わたしの登録.
pub(super) fn of(desk: &Desk<'_>, resident: &Resident) -> Result<Message, MessageError> {
    let language = resident.language();
    let title = phrases::my_registration(language);
    let mut body = vec![heading(&title)?];
    for (item, value, held) in items(desk, resident) {
        body.push(rule());
        body.push(match (item, &resident.children) {
            (Item::Children, Some(children)) if !children.is_empty() => {
                self::children(language, children.iter().copied())?
            }
            _ => entry(language, item, &value, held)?,
        });
    }
    body.push(rule());
    body.push(consent(language, resident)?);
    let footer = FlexBox::vertical(vec![
        FlexButton::new(button(&phrases::erase_all(language), &Intent::Erase)?)?
            .style(ButtonStyle::Secondary)
            .small()
            .into(),
    ]);
    let mut buttons = Vec::new();
    if resident.consent.is_none() {
        buttons.push(button(
            &phrases::register(language),
            // What is asked and why comes first.
            &Intent::Resume,
        )?);
    }
    buttons.push(button(&phrases::help_button(language), &Intent::Help)?);
    Ok(Message::flex(title, wide(body).footer(footer))?.quick_replies(QuickReplies::new(buttons)?))
}

fn wide(body: Vec<Component>) -> Bubble {
    Bubble::new(FlexBox::vertical(body)).size(BubbleSize::Giga)
}

/// Each item, what is held of it in words, and whether anything is.
fn items(desk: &Desk<'_>, resident: &Resident) -> Vec<(Item, String, bool)> {
    let language = resident.language();
    let unanswered = || phrases::not_answered(language);
    let area = match resident.residence {
        Residence::Unanswered => unanswered(),
        Residence::Outside => phrases::outside(language),
        Residence::Area(id) => desk
            .directory
            .get(id)
            .map_or_else(|| phrases::area_gone(language), |a| a.label()),
    };
    let reminder = resident
        .reminder
        .map_or_else(unanswered, |r| phrases::reminder_label(language, r));
    let topics = match resident.topics {
        Some(_) => phrases::list_or_none(language, &desk.topics_of(resident)),
        None => unanswered(),
    };
    let children = match resident.children {
        Some(_) => phrases::list_or_none(language, &[]),
        None => unanswered(),
    };
    vec![
        (
            Item::Area,
            area,
            resident.residence != Residence::Unanswered,
        ),
        (Item::Reminder, reminder, resident.reminder.is_some()),
        (Item::Topics, topics, resident.topics.is_some()),
        (Item::Children, children, resident.children.is_some()),
        (Item::Language, language.name(), resident.language.is_some()),
        (
            Item::Letters,
            phrases::letters(language, resident.letters.unwrap_or_default()),
            resident.letters.is_some(),
        ),
    ]
}

fn rule() -> Component {
    Separator {
        margin: Some(Spacing::Lg),
        color: None,
    }
    .into()
}

fn heading(words: &str) -> Result<Component, MessageError> {
    Ok(FlexText::new(words)?
        .size(Size::Xl)
        .bold()
        .color(INK)
        .into())
}

fn quiet(words: String) -> Result<FlexText, MessageError> {
    Ok(FlexText::new(words)?.size(Size::Sm).color(QUIET))
}

/// What an item is called, and beneath it what is held, with what can be done about it.
fn entry(
    language: Language,
    item: Item,
    value: &str,
    held: bool,
) -> Result<Component, MessageError> {
    let mut links = vec![change(language, item, &phrases::change(language))?];
    if held {
        links.push(link(
            &phrases::remove(language),
            &phrases::remove_item(language, item),
            &Intent::Remove(item),
        )?);
    }
    section(language, item, vec![line(value, links)?])
}

/// Each child on a line of its own; another can be added, and all stopped at once.
fn children(
    language: Language,
    children: impl Iterator<Item = Child>,
) -> Result<Component, MessageError> {
    let mut lines = Vec::new();
    for child in children {
        let remove = link(
            &phrases::remove(language),
            &phrases::remove_child(language, child),
            &Intent::RemoveChild(child),
        )?;
        lines.push(line(&phrases::child(language, child), vec![remove])?);
    }
    let stop = phrases::stop_children(language);
    lines.push(
        FlexBox::horizontal(vec![
            change(language, Item::Children, &phrases::add(language))?,
            link(&stop, &stop, &Intent::StopChildren)?,
        ])
        .into(),
    );
    section(language, Item::Children, lines)
}

fn section(
    language: Language,
    item: Item,
    lines: Vec<Component>,
) -> Result<Component, MessageError> {
    let mut contents = vec![quiet(phrases::item(language, item))?.into()];
    contents.extend(lines);
    Ok(FlexBox::vertical(contents).margin(Spacing::Lg).into())
}

fn line(value: &str, links: Vec<Component>) -> Result<Component, MessageError> {
    let value = FlexText::new(value)?
        .bold()
        .color(INK)
        .flex(1)
        .gravity(Gravity::Center);
    let mut contents = vec![value.into()];
    contents.extend(links);
    Ok(FlexBox::horizontal(contents).into())
}

fn change(language: Language, item: Item, words: &str) -> Result<Component, MessageError> {
    link(
        words,
        &phrases::change_item(language, item),
        &Intent::Ask(item),
    )
}

/// A few words to tap, with room around them for a finger; tapping says the whole `meaning`.
fn link(words: &str, meaning: &str, intent: &Intent) -> Result<Component, MessageError> {
    let action =
        Action::postback(fit(meaning, LABEL), intent.to_string())?.display_text(meaning)?;
    let words = FlexText::new(words)?.size(Size::Sm).color(LINK);
    Ok(FlexBox::vertical(vec![words.into()])
        .padding(Spacing::Lg)
        .flex(0)
        .action(action)?
        .into())
}

fn consent(language: Language, resident: &Resident) -> Result<Component, MessageError> {
    let words = match &resident.consent {
        Some(consent) => phrases::consented(language, consent),
        None => phrases::not_consented(language),
    };
    Ok(quiet(words)?.margin(Spacing::Lg).into())
}
