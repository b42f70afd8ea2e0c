//! From an official bulletin to a draft. It says what the bulletin says, and leaves everything else to who decides.

use std::collections::BTreeMap;

use super::library::Library;
use super::model::{Choice, Filled, Kind};
use crate::clock::{Instant, datetime_in_japan};
use crate::jma::{
    Bulletin, Change, Earthquake, Facts, InfoType, Intensity, Outlook, Status, Tsunami,
    TsunamiKind, Warning,
};

/// A draft to decide on: evacuation is the mayor's decision, and no bulletin takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The template.
    pub code: String,
    /// What the bulletin fills in. What it does not say is left open.
    pub filled: Filled,
    /// Where it is from.
    pub source: String,
}

/// A draft of what a bulletin says of the municipality; none if nothing there is to be told, and never of an
/// exercise, a test, or what was withdrawn.
///
/// `least` is the 震度 from which on residents are told of an earthquake.
pub fn from_bulletin(library: &Library, bulletin: &Bulletin, least: Intensity) -> Option<Draft> {
    if bulletin.status != Status::Actual || bulletin.info == InfoType::Cancelled {
        return None;
    }
    let (code, filled) = match &bulletin.facts {
        Facts::Earthquake(quake) => ("EQ1", earthquake(library, quake, least)?),
        Facts::Tsunami(tsunami) => of_tsunami(library, tsunami.as_ref()?)?,
        Facts::Weather(warnings) => ("JMA-RLY", weather(library, warnings, bulletin.reported_at)?),
        Facts::Other => return None,
    };
    let filled: BTreeMap<String, String> = filled
        .into_iter()
        .map(|(key, typed)| (key.to_owned(), typed))
        .collect();
    Some(Draft {
        code: code.to_owned(),
        filled: Filled(filled),
        source: bulletin.source(),
    })
}

type Typed = Vec<(&'static str, String)>;

fn earthquake(library: &Library, quake: &Earthquake, least: Intensity) -> Option<Typed> {
    let here = quake.here.filter(|here| *here >= least)?;
    let called = format!("震度{}", here.code().replace('-', "弱").replace('+', "強"));
    let mut typed = vec![
        ("intensity", choice(library, "EQ1", "intensity", &called)?),
        (
            "tsunami",
            match quake.tsunami {
                Outlook::None => "none",
                Outlook::Slight => "slight",
                Outlook::Issued => "issued",
                Outlook::Unknown => "unknown",
            }
            .to_owned(),
        ),
    ];
    typed.extend(quake.occurred.map(|at| ("occurred", moment(at))));
    Some(typed)
}

fn of_tsunami(library: &Library, tsunami: &Tsunami) -> Option<(&'static str, Typed)> {
    let (code, kind) = match tsunami.kind {
        TsunamiKind::Great => ("TS-W", Some("great")),
        TsunamiKind::Warning => ("TS-W", Some("warning")),
        TsunamiKind::Advisory => ("TS-A", None),
        TsunamiKind::WarningLifted => ("TS-LIFT", Some("order")),
        TsunamiKind::AdvisoryLifted => ("TS-LIFT", Some("advisory")),
        TsunamiKind::Forecast => return None,
    };
    let mut typed: Typed = kind
        .map(|kind| ("kind", kind.to_owned()))
        .into_iter()
        .collect();
    if code != "TS-LIFT" {
        let height = tsunami
            .height
            .as_deref()
            .map(|height| height.replace("超", "を超える"));
        let height = height.and_then(|height| choice(library, code, "height", &height));
        typed.extend(height.map(|height| ("height", height)));
        typed.extend(tsunami.arrival.map(|at| ("arrival", moment(at))));
    }
    Some((code, typed))
}

/// The gravest that is new: what goes on was told before. Whether the municipality has issued something of its own, no
/// bulletin knows.
fn weather(library: &Library, warnings: &[Warning], at: Instant) -> Option<Typed> {
    let mut news = warnings
        .iter()
        .filter(|warning| warning.change == Change::Issued);
    let told = news.find_map(|warning| choice(library, "JMA-RLY", "warning", &warning.name))?;
    Some(vec![("warning", told), ("announced", moment(at))])
}

/// The choice that is called exactly so.
fn choice(library: &Library, code: &str, field: &str, called: &str) -> Option<String> {
    let Kind::Choice(choices) = &library.find(code)?.field(field)?.kind else {
        return None;
    };
    let named = |choice: &&Choice| choice.name.ja == called;
    choices.iter().find(named).map(|choice| choice.key.clone())
}

fn moment(at: Instant) -> String {
    datetime_in_japan(at).format("%Y-%m-%d %H:%M").to_string()
}
