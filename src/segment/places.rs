//! The places that a segment names, looked up: an audience that was agreed to stays the same, whatever is
//! called otherwise or added later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{Fact, Segment};
use super::selection::Unknown;
use crate::area::{Area, Directory, Lookup};
use crate::ids::AreaId;
use crate::text::fold;

/// What each name of a place in a segment means: `area:…` one area, `district:…` its areas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Places(BTreeMap<String, Vec<Place>>);

/// An area, by its number and as it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    id: i64,
    label: String,
}

impl Places {
    /// Looks up every place that `segment` names.
    ///
    /// # Errors
    /// A district or area that the town does not have: the first of them.
    pub fn of(directory: &Directory, segment: &Segment) -> Result<Self, Unknown> {
        let mut places = BTreeMap::new();
        for fact in segment.facts() {
            let areas = match fact {
                Fact::District(name) => district(directory, name)?,
                Fact::Area(name) => vec![area(directory, name)?],
                _ => continue,
            };
            places.insert(fact.to_string(), areas.into_iter().map(Place::of).collect());
        }
        Ok(Self(places))
    }

    /// That every one of these areas is there still, by whatever name.
    ///
    /// # Errors
    /// The first that is gone.
    pub fn stand(&self, directory: &Directory) -> Result<(), Unknown> {
        let mut all = self.0.values().flatten();
        match all.find(|place| directory.get(AreaId(place.id)).is_none()) {
            Some(gone) => Err(unknown_area(&gone.label, Vec::new())),
            None => Ok(()),
        }
    }

    /// The areas that a fact names; none, if it names no place.
    pub(super) fn named(&self, fact: &Fact) -> Vec<i64> {
        let places = self.0.get(&fact.to_string()).into_iter().flatten();
        places.map(|place| place.id).collect()
    }
}

impl Place {
    fn of(area: &Area) -> Self {
        Self {
            id: area.id.0,
            label: area.label(),
        }
    }
}

fn district<'a>(directory: &'a Directory, name: &str) -> Result<Vec<&'a Area>, Unknown> {
    let districts = directory.districts();
    match districts.iter().find(|known| fold(known) == fold(name)) {
        Some(district) => Ok(directory.in_district(district)),
        None => Err(Unknown::District {
            name: name.to_owned(),
            known: districts.into_iter().map(str::to_owned).collect(),
        }),
    }
}

fn area<'a>(directory: &'a Directory, name: &str) -> Result<&'a Area, Unknown> {
    match directory.by_label(name) {
        Lookup::Found(area) => Ok(area),
        Lookup::Ambiguous(near) | Lookup::Missing(near) => Err(unknown_area(name, near)),
    }
}

fn unknown_area(name: &str, near: Vec<&Area>) -> Unknown {
    Unknown::Area {
        name: name.to_owned(),
        near: near.into_iter().map(Area::label).collect(),
    }
}
