//! Answers in a disaster: which orders are in force, and where to flee to, from what.
//!
//! Where somebody is, is asked and not kept: the buttons that ask from which hazard carry it.

use super::Error;
use super::answers::{usual, with};
use super::choices::{button, row};
use super::intent::Intent;
use super::library::Library;
use super::phrases;
use super::registration::{Desk, Visit};
use crate::evacuation::{self, InForce, Level};
use crate::ids::AreaId;
use crate::line::message::{Action, MAX_PLACE, MAX_TEXT, Message, MessageError};
use crate::line::text::fit;
use crate::shelter::{Hazard, Location, Near, Shelter, State, nearest_of, phrases as say};

/// Shelters named at a time; one more, where none of them is known to be open.
const SHELTERS: usize = 3;

/// What the account can do in a disaster, and whether orders are in force.
pub(super) async fn about(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let in_force = evacuation::in_force(library.db).await?;
    let home = visit.resident.area();
    let headline = evacuation::phrases::headline(language, &in_force, home, desk.now);
    let words = phrases::disaster(language, desk.profile, &headline);
    let buttons = vec![
        to_orders(visit)?,
        Action::location(say::send_location(language))?,
    ];
    Ok(with(visit, words, buttons)?)
}

/// Which orders are in force, at home and everywhere else.
pub(super) async fn orders(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let in_force = evacuation::in_force(library.db).await?;
    let home = visit.resident.area();
    let status = evacuation::phrases::status(language, &in_force, desk.directory, home, desk.now);
    let words = phrases::evacuation(language, desk.profile, &status);
    let mut buttons = vec![Action::location(say::send_location(language))?];
    if home.is_none() {
        buttons.push(button(&phrases::my_registration(language), &Intent::Show)?);
    }
    Ok(with(visit, words, buttons)?)
}

/// Asks somebody who is `here` from what they flee: no place is safe from everything.
pub(super) async fn from_what(
    library: Library<'_>,
    visit: &Visit,
    here: Option<Location>,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let shelters = library.shelters().await?;
    let located = shelters.iter().filter(|shelter| shelter.location.is_some());
    let offered: Vec<Hazard> = located.flat_map(|shelter| shelter.hazards.iter()).collect();
    let Some(here) = here.filter(|_| !offered.is_empty()) else {
        return Ok(with(visit, say::none(language), usual(language)?)?);
    };
    let in_force = evacuation::in_force(library.db).await?;
    let mut buttons = Vec::new();
    for hazard in likeliest_first(&in_force, visit.resident.area()) {
        if offered.contains(&hazard) {
            let flee = Intent::Near(Some(hazard), here);
            buttons.push(button(&say::hazard(hazard, language), &flee)?);
        }
    }
    buttons.push(button(
        &say::any_hazard(language),
        &Intent::Near(None, here),
    )?);
    Ok(with(visit, say::which_hazard(language), buttons)?)
}

/// Every hazard, those first that orders in force, at home or else anywhere, may be about.
fn likeliest_first(in_force: &InForce, home: Option<AreaId>) -> Vec<Hazard> {
    let at_home = home.map(|home| in_force.of(home)).unwrap_or_default();
    let levels: Vec<Level> = match at_home.is_empty() {
        false => at_home.iter().map(|order| order.level).collect(),
        true => in_force.by_level().map(|(level, _)| level).collect(),
    };
    let likely = levels.into_iter().flat_map(|level| match level {
        Level::Order => [Hazard::Tsunami, Hazard::Earthquake].as_slice(),
        Level::Three | Level::Four | Level::Five => &[
            Hazard::Flood,
            Hazard::Landslide,
            Hazard::StormSurge,
            Hazard::InlandFlood,
        ],
    });
    let mut hazards: Vec<Hazard> = Vec::new();
    for hazard in likely.copied().chain(Hazard::ALL) {
        if !hazards.contains(&hazard) {
            hazards.push(hazard);
        }
    }
    hazards
}

/// The nearest places that are safe from `hazard`, or from anything at all, each with its point on the map.
pub(super) async fn near(
    library: Library<'_>,
    desk: &Desk<'_>,
    visit: &Visit,
    hazard: Option<Hazard>,
    here: Location,
) -> Result<Vec<Message>, Error> {
    let language = visit.resident.language();
    let near = nearest_of(library.shelters().await?, here, hazard, SHELTERS);
    if near.is_empty() {
        return Ok(with(visit, say::none(language), usual(language)?)?);
    }
    let mut words = vec![say::heading(hazard, language)];
    words.extend(
        near.iter()
            .map(|place| say::place(place, language, desk.now)),
    );
    words.push(say::source(language));
    let mut messages = vec![Message::text(fit(&words.join("\n\n"), MAX_TEXT))?];
    // Nobody is shown the way to where there is no room.
    let room = near.iter().filter(|place| !place.is(State::Full));
    for place in room.take(SHELTERS + 1) {
        messages.push(on_the_map(place)?);
    }
    if let Some(last) = messages.pop() {
        messages.push(last.quick_replies(row(vec![to_orders(visit)?])?));
    }
    Ok(messages)
}

fn on_the_map(place: &Near) -> Result<Message, MessageError> {
    let Shelter { name, address, .. } = &place.shelter;
    let address = if address.is_empty() { name } else { address };
    let (latitude, longitude) = (place.location.latitude(), place.location.longitude());
    Message::location(
        fit(name, MAX_PLACE),
        fit(address, MAX_PLACE),
        latitude,
        longitude,
    )
}

fn to_orders(visit: &Visit) -> Result<Action, MessageError> {
    let label = phrases::evacuation_button(visit.resident.language());
    button(&label, &Intent::Evacuation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hazard_is_offered_once() {
        let hazards = likeliest_first(&InForce::default(), None);
        assert_eq!(hazards, Hazard::ALL);
    }
}
