//! The card: what stands first, and is read by somebody of eighty without glasses.

use unicode_normalization::UnicodeNormalization;

use super::compose::{About, Spoken};
use super::model::{Effect, Filled, Kind, Severity, Template};
use super::phrases;
use crate::evacuation::Level;
use crate::line::message::flex::{
    Bubble, BubbleSize, ButtonStyle, Color, Component, FlexBox, FlexButton, FlexText, Size, Spacing,
};
use crate::line::message::{Action, Message, MessageError};
use crate::line::text::fit;

/// Most buttons: a link, two telephones, the site.
const BUTTONS: usize = 4;
const INK: u32 = 0x1A_1A1A;
const WHITE: u32 = 0xFF_FFFF;

/// The head's colours, as 0xRRGGBB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colours {
    pub(super) ground: u32,
    pub(super) letters: u32,
}

/// Evacuation information has the colours that maps and television show it in (避難情報に関するガイドライン, 内閣府): level 5
/// black, 4 purple, 3 red, the last a shade darker so that white letters keep WCAG AA. A drill looks like none of them.
pub(super) fn colours(template: &Template, drill: bool) -> Colours {
    let ground = match (drill, template.effect, template.severity) {
        (true, _, _) => 0x1E_6B3A,
        (_, Some(Effect::Evacuation(Level::Five)), _) => 0x0C_000C,
        (_, Some(Effect::Evacuation(Level::Four | Level::Order)), _) => 0xAA_00AA,
        (_, Some(Effect::Evacuation(Level::Three)), _) => 0xD4_2000,
        (_, _, Severity::Danger) => 0xB0_0020,
        (_, _, Severity::Warning) => 0xFF_D400,
        (_, _, Severity::Info) => 0x0B_4F9E,
    };
    let letters = if ground == 0xFF_D400 { INK } else { WHITE };
    Colours { ground, letters }
}

/// What can be tapped: each link and telephone that was filled in, and the town's site.
pub(super) fn buttons(
    template: &Template,
    filled: &Filled,
    about: &About<'_>,
) -> Vec<(String, String)> {
    let typed = template.fields.iter().filter_map(|field| {
        let typed = filled.get(&field.key)?;
        match field.kind {
            Kind::Link => Some((phrases::OPEN_PAGE.to_owned(), typed.to_owned())),
            Kind::Telephone => {
                let number: String = typed.nfkc().collect();
                let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                // A # would begin a fragment.
                let hash = if number.starts_with('#') { "%23" } else { "" };
                Some((phrases::call(&number), format!("tel:{hash}{digits}")))
            }
            _ => None,
        }
    });
    let site = about.profile.operator.site.clone();
    let mut buttons: Vec<(String, String)> = typed.take(BUTTONS - 1).collect();
    buttons.push((phrases::OPEN_SITE.to_owned(), site));
    buttons
}

/// The card itself. What a drill says of itself stands first and last.
pub(super) fn card(
    said: &Spoken,
    colours: Colours,
    drill: bool,
    notice: &str,
    buttons: &[(String, String)],
) -> Result<Message, MessageError> {
    let letters = Color::rgb(colours.letters);
    let large = |words: &str, size: Size| -> Result<Component, MessageError> {
        let words = FlexText::new(words)?.bold().size(size).scaling();
        Ok(words.color(letters).into())
    };
    let mark = drill.then(|| phrases::drill(said.tongue));
    let mut top = Vec::new();
    for mark in mark.iter() {
        top.push(large(mark, Size::Lg)?);
    }
    top.push(large(&said.signal, Size::Xxl)?);
    top.push(large(said.place_above(), Size::Xl)?);
    top.push(large(&said.call, Size::Xl)?);
    let header = FlexBox::vertical(top)
        .background(Color::rgb(colours.ground))
        .padding(Spacing::Xl)
        .spacing(Spacing::Sm);

    let read = |words: &str| -> Result<Component, MessageError> {
        let words = FlexText::new(words)?.size(Size::Lg).scaling();
        Ok(words.color(Color::rgb(INK)).into())
    };
    let body: Result<Vec<Component>, MessageError> = said.body.split("\n\n").map(read).collect();
    let body = FlexBox::vertical(body?).spacing(Spacing::Xl);

    let mut bottom: Vec<Component> = Vec::new();
    for (label, address) in buttons {
        let label = fit(label, crate::line::message::MAX_LABEL);
        let button = FlexButton::new(Action::uri(label, address)?)?;
        bottom.push(button.style(ButtonStyle::Secondary).into());
    }
    for mark in mark.iter() {
        bottom.push(read(mark)?);
    }
    let bubble = Bubble::new(body)
        .size(BubbleSize::Giga)
        .header(header)
        .footer(FlexBox::vertical(bottom).spacing(Spacing::Md));
    Message::flex(notice, bubble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emergency::template::Library;

    /// Relative luminance (WCAG 2.2).
    fn luminance(rgb: u32) -> f64 {
        let part = |shift: u32| {
            let part = f64::from((rgb >> shift) & 0xFF) / 255.0;
            match part <= 0.040_45 {
                true => part / 12.92,
                false => ((part + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    #[test]
    fn letters_stand_out_from_every_head_and_a_drill_looks_like_nothing_else() {
        let library = Library::builtin().unwrap_or_else(|faults| panic!("{faults:?}"));
        for template in library.all() {
            for drill in [false, true] {
                let Colours { ground, letters } = colours(template, drill);
                let (a, b) = (luminance(ground), luminance(letters));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{}: {contrast}", template.code);
            }
            let (live, drill) = (colours(template, false), colours(template, true));
            assert_ne!(live, drill, "{}", template.code);
        }
    }
}
