//! What a drafter fills in, as the form shows and sends it.

use std::collections::BTreeMap;

use crate::area::Directory;
use crate::console::pages::broadcasts::Sent;
use crate::emergency::template::{CONSENT, Field, Filled, Finding, Kind, Template};
use crate::emergency::{Audience, Besides, NoPlaces, Places};
use crate::ids::AreaId;
use crate::web::Choice;

/// Choices that are tiles to tap; more are a list to open.
const TILES: usize = 6;

/// A field of a template in the form.
pub(super) struct Blank {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) takes: Takes,
    pub(super) fault: String,
}

/// How it is filled in.
pub(super) enum Takes {
    /// One of these, each a tile.
    Tile(Vec<Choice>),
    /// One of these, from a list.
    List(Vec<Choice>),
    /// A tick.
    Tick,
    /// A line; `kind` and `keys` as HTML's `type` and `inputmode` have them.
    Line {
        kind: &'static str,
        keys: &'static str,
    },
    /// The name of a place; those of the town's shelters are offered.
    Place,
}

/// A district with its areas, as they are ticked.
pub(super) struct District {
    pub(super) name: String,
    pub(super) whole: bool,
    pub(super) areas: Vec<Tick>,
}

impl District {
    /// Whether some of it are ticked.
    pub(super) fn some(&self) -> bool {
        self.areas.iter().any(|area| area.on)
    }
}

/// An area.
pub(super) struct Tick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) on: bool,
}

/// The blanks of `template`, filled in, with what is wrong of each.
pub(super) fn blanks(template: &Template, filled: &Filled, found: &[Finding]) -> Vec<Blank> {
    let blank = |field: &Field| {
        let value = filled.0.get(&field.key).cloned().unwrap_or_default();
        let about = |finding: &&Finding| {
            let about = finding.field.as_ref();
            about.is_some_and(|(key, _)| *key == field.key)
        };
        let fault = found.iter().find(about);
        Blank {
            name: name(field),
            label: field.label.clone(),
            hint: field.hint.clone(),
            required: field.required,
            takes: takes(&field.kind, &value),
            fault: fault.map(ToString::to_string).unwrap_or_default(),
            value,
        }
    };
    template.fields.iter().map(blank).collect()
}

fn takes(kind: &Kind, value: &str) -> Takes {
    let line = |kind, keys| Takes::Line { kind, keys };
    match kind {
        Kind::Choice(choices) => {
            let shown = choices.iter();
            let shown = shown.map(|one| Choice::new(one.key.clone(), one.name.ja.clone()));
            match choices.len() {
                0..=TILES => Takes::Tile(shown.collect()),
                _ => Takes::List(shown.collect()),
            }
        }
        Kind::Consent => Takes::Tick,
        // With its day: past midnight, 「6時」 alone could be either morning. What was read from elsewhere may
        // be an hour alone, which the browser's own widget would not show.
        Kind::Time if value.is_empty() || value.contains('T') => line("datetime-local", "text"),
        Kind::Number { .. } => line("text", "numeric"),
        Kind::Telephone => line("tel", "tel"),
        Kind::Link => line("url", "url"),
        Kind::Facility { .. } => Takes::Place,
        Kind::Time | Kind::Text { .. } | Kind::River => line("text", "text"),
    }
}

/// Whether a place is asked for.
pub(super) fn asks_for_place(template: &Template) -> bool {
    let is_place = |field: &Field| matches!(field.kind, Kind::Facility { .. });
    template.fields.iter().any(is_place)
}

fn name(field: &Field) -> String {
    format!("field-{}", field.key)
}

/// What was filled in.
pub(super) fn filled(template: &Template, sent: &Sent) -> Filled {
    let given = template.fields.iter().filter_map(|field| {
        let value = match sent.one(&name(field)) {
            "" => return None,
            _ if field.kind == Kind::Consent => CONSENT,
            value => value,
        };
        Some((field.key.clone(), value.to_owned()))
    });
    Filled(given.collect::<BTreeMap<_, _>>())
}

/// What was ticked besides.
pub(super) fn besides(sent: &Sent) -> Besides {
    Besides {
        menu: !sent.one("menu").is_empty(),
        orders: !sent.one("orders").is_empty(),
    }
}

/// To whom; none while nothing was chosen. Nothing chosen never means everybody.
///
/// # Errors
/// Areas were to be chosen, and none was, or one is no more.
pub(super) fn audience(sent: &Sent, directory: &Directory) -> Option<Result<Audience, NoPlaces>> {
    match sent.one("reach") {
        "town" => Some(Ok(Audience::WholeTown)),
        "areas" => {
            let whole = sent.all("district").flat_map(|name| {
                let areas = directory.in_district(name);
                areas.into_iter().map(|area| area.id).collect::<Vec<_>>()
            });
            let single = sent
                .all("area")
                .filter_map(|id| id.parse().ok().map(AreaId));
            let areas: Vec<AreaId> = whole.chain(single).collect();
            Some(Places::of(directory, &areas).map(Audience::Areas))
        }
        _ => None,
    }
}

/// The areas to tick, district by district; those of a town without districts stand in one without a name.
pub(super) fn districts(directory: &Directory, audience: Option<&Audience>) -> Vec<District> {
    let chosen = match audience {
        Some(Audience::Areas(places) | Audience::SameAs { places, .. }) => places.ids(),
        Some(Audience::WholeTown) | None => Vec::new(),
    };
    let tick = |area: &crate::area::Area| Tick {
        value: area.id.to_string(),
        label: area.name.clone(),
        on: chosen.contains(&area.id),
    };
    let named = directory.districts().into_iter().map(|name| {
        let mut areas: Vec<Tick> = directory.in_district(name).into_iter().map(tick).collect();
        let whole = areas.iter().all(|area| area.on);
        // The district's own tick says it; taken away, nothing of it is left.
        areas.iter_mut().for_each(|area| area.on &= !whole);
        District {
            name: name.to_owned(),
            whole,
            areas,
        }
    });
    let loose: Vec<Tick> = directory
        .areas()
        .filter(|area| area.district.is_none())
        .map(tick)
        .collect();
    let loose = (!loose.is_empty()).then(|| District {
        name: String::new(),
        whole: false,
        areas: loose,
    });
    named.chain(loose).collect()
}
