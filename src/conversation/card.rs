//! わたしの登録: everything the town holds of a resident, each item with its change and its removal.

use super::choices::button;
use super::intent::{Intent, Item};
use super::phrases;
use super::registration::Desk;
use crate::language::Language;
use crate::line::message::flex::{
    Bubble, ButtonStyle, Color, Component, FlexBox, FlexButton, FlexText, Separator, Size, Spacing,
};
use crate::line::message::{Message, MessageError, QuickReplies};
use crate::resident::{Residence, Resident};

const INK: Color = Color::rgb(0x1A1A1A);
const QUIET: Color = Color::rgb(0x595959);

/// The card.
pub(super) fn of(desk: &Desk<'_>, resident: &Resident) -> Result<Message, MessageError> {
    let language = resident.language();
    let mut body = vec![heading(&phrases::my_registration(language))?];
    for (item, value, held) in items(desk, resident) {
        body.push(rule());
        body.push(entry(language, item, &value, held)?);
    }
    for child in resident.children.iter().flatten() {
        let label = phrases::remove_child(language, *child);
        body.push(link(&label, &Intent::RemoveChild(*child))?);
    }
    if resident.children.as_ref().is_some_and(|c| !c.is_empty()) {
        body.push(link(
            &phrases::stop_children(language),
            &Intent::StopChildren,
        )?);
    }
    body.push(rule());
    body.push(consent(language, resident)?);
    let footer = FlexBox::vertical(vec![
        FlexButton::new(button(&phrases::erase_all(language), &Intent::Erase)?)?
            .style(ButtonStyle::Secondary)
            .small()
            .into(),
    ]);
    let bubble = Bubble::new(FlexBox::vertical(body)).footer(footer);
    let mut buttons = Vec::new();
    if resident.consent.is_none() {
        buttons.push(button(
            &phrases::agree_and_register(language),
            &Intent::Agree,
        )?);
    }
    buttons.push(button(&phrases::help_button(language), &Intent::Help)?);
    Ok(Message::flex(phrases::my_registration(language), bubble)?
        .quick_replies(QuickReplies::new(buttons)?))
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
            .map_or_else(unanswered, |a| a.label()),
    };
    let reminder = resident
        .reminder
        .map_or_else(unanswered, |r| phrases::reminder_label(language, r));
    let topics = resident.topics.as_ref().map_or_else(unanswered, |topics| {
        let names: Vec<&str> = desk
            .profile
            .topics
            .iter()
            .filter(|t| topics.contains(&t.id))
            .map(|t| t.name_in(language))
            .collect();
        phrases::list_or_none(language, &names)
    });
    let children = resident
        .children
        .as_ref()
        .map_or_else(unanswered, |children| {
            let names: Vec<String> = children
                .iter()
                .map(|c| phrases::child(language, *c))
                .collect();
            phrases::list_or_none(
                language,
                &names.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        });
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

fn entry(
    language: Language,
    item: Item,
    value: &str,
    held: bool,
) -> Result<Component, MessageError> {
    let mut buttons: Vec<Component> = vec![link(&phrases::change(language), &Intent::Ask(item))?];
    if held {
        buttons.push(link(&phrases::remove(language), &Intent::Remove(item))?);
    }
    Ok(FlexBox::vertical(vec![
        FlexText::new(phrases::item(language, item))?
            .size(Size::Sm)
            .color(QUIET)
            .into(),
        FlexText::new(value)?
            .size(Size::Md)
            .bold()
            .color(INK)
            .into(),
        FlexBox::horizontal(buttons).spacing(Spacing::Sm).into(),
    ])
    .margin(Spacing::Lg)
    .spacing(Spacing::Xs)
    .into())
}

fn link(label: &str, intent: &Intent) -> Result<Component, MessageError> {
    Ok(FlexButton::new(button(label, intent)?)?
        .style(ButtonStyle::Link)
        .small()
        .into())
}

fn consent(language: Language, resident: &Resident) -> Result<Component, MessageError> {
    let words = match &resident.consent {
        Some(consent) => phrases::consented(language, consent),
        None => phrases::not_consented(language),
    };
    Ok(FlexText::new(words)?
        .size(Size::Sm)
        .color(QUIET)
        .margin(Spacing::Lg)
        .into())
}
