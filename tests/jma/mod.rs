//! Official bulletins: read for one municipality, turned into drafts, fetched politely.

mod drafts;
mod feed;
mod reading;

use kairan::jma::{Bulletin, Place, read};
use kairan::policy::Profile;

use crate::support::town::policy;

pub const EARTHQUAKE: &str = include_str!("../fixtures/jma/earthquake.xml");
pub const TSUNAMI: &str = include_str!("../fixtures/jma/tsunami.xml");
pub const LANDSLIDE: &str = include_str!("../fixtures/jma/landslide.xml");

/// Sample town's policy with the municipality of the fixtures.
pub fn policy_text() -> String {
    let jma = "[emergency.jma]\nmunicipality = \"999997\"\ncoast = [\"999\"]\nintensity = \"4\"\n";
    let text = &policy().text;
    let (before, after) = text.split_once("\n[[statement]]").unwrap();
    format!("{before}\n{jma}\n[[statement]]{after}")
}

pub fn profile() -> Profile {
    Profile::parse(&policy_text()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

pub fn place() -> Place {
    Place::of(profile().emergency.unwrap().jma.as_ref().unwrap())
}

pub fn bulletin(telegram: &str) -> Bulletin {
    read(telegram.as_bytes(), &place()).unwrap_or_else(|error| panic!("{error}"))
}
