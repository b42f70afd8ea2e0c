//! What tapping a cell or a tab does.

use serde_saphyr::{Location, Spanned};

use super::desk::Desk;
use crate::language::Language;
use crate::line::message::{Action, MAX_LABEL};
use crate::line::rich_menu::{Area, Bounds};
use crate::line::text;
use crate::richmenu::file::{Cell, Tapped, text_in};
use crate::richmenu::link;
use crate::richmenu::tap::Tap;
use crate::richmenu::variant::Variant;

impl Desk<'_, '_> {
    pub(super) fn switch(
        &mut self,
        variant: Variant,
        location: Location,
        cell: &str,
        to: &str,
        spoken: &str,
        bounds: Bounds,
    ) -> Option<Area> {
        let Some(Ok(alias)) = self.town.alias(to, variant) else {
            self.fault(location, format!("there is no menu `{to}` to switch to"));
            return None;
        };
        let tap = Tap {
            menu: self.name,
            cell,
            data: None,
        };
        Action::rich_menu_switch(spoken, alias, tap.to_string())
            .map_err(|error| self.fault(location, error.to_string()))
            .ok()
            .map(|action| Area { bounds, action })
    }

    pub(super) fn area(
        &mut self,
        variant: Variant,
        name: &str,
        cell: &Spanned<Cell>,
        bounds: Bounds,
    ) -> Option<Area> {
        let label = text_in(&cell.value.label, variant.language);
        let spoken = spoken(label, variant.language);
        let given = text::length(&spoken);
        if given > MAX_LABEL {
            let reason =
                format!("`{spoken}` has {given} characters, LINE takes {MAX_LABEL} as label");
            self.fault(cell.value.label.referenced, reason);
            return None;
        }
        let place = cell.value.action.referenced;
        let made = match &cell.value.action.value {
            Tapped::Switch(to) => {
                return self.switch(variant, place, name, to, &spoken, bounds);
            }
            Tapped::Postback(data) if !(self.town.is_postback)(self.town.profile, data) => Err(
                format!("`{data}` is no button, topic or language that the conversation knows"),
            ),
            Tapped::Postback(data) => {
                let tap = Tap {
                    menu: self.name,
                    cell: name,
                    data: Some(data),
                };
                Action::postback(&spoken, tap.to_string())
                    .and_then(|action| action.display_text(&spoken))
                    .map_err(|error| error.to_string())
            }
            Tapped::Open(uri) => link::resolve(uri, self.town.profile)
                .and_then(|uri| Action::uri(&spoken, uri).map_err(|error| error.to_string())),
        };
        made.map_err(|reason| self.fault(place, reason))
            .ok()
            .map(|action| Area { bounds, action })
    }
}

/// A label in one line: where the drawing breaks, words that are set apart need a space, kanji none.
fn spoken(label: &str, language: Language) -> String {
    let apart = language != Language::japanese();
    let mut lines = label.lines();
    let mut spoken = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        if apart || spoken.ends_with(|c: char| c.is_ascii()) {
            spoken.push(' ');
        }
        spoken.push_str(line);
    }
    spoken
}
