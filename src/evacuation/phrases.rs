//! What a resident reads about orders to evacuate.

use std::collections::BTreeSet;

use super::model::{InForce, Level, Order};
use crate::area::{Area, Directory};
use crate::clock::{Instant, datetime_in_japan};
use crate::ids::AreaId;
use crate::language::Language;

/// Places named of a level before the rest are only counted: an answer is read on a phone.
const PLACES: usize = 30;

/// The level's name as the law has it: 「警戒レベル4 避難指示」.
pub fn level(language: Language, level: Level) -> String {
    language.say(
        match level {
            Level::Three => "evacuation-level-3",
            Level::Four => "evacuation-level-4",
            Level::Five => "evacuation-level-5",
            Level::Order => "evacuation-level-order",
        },
        &[],
    )
}

/// What to do under it, now.
fn what_to_do(language: Language, level: Level) -> String {
    language.say(
        match level {
            Level::Three => "evacuation-do-3",
            Level::Four => "evacuation-do-4",
            Level::Five => "evacuation-do-5",
            Level::Order => "evacuation-do-order",
        },
        &[],
    )
}

/// What is in force at `now`: where the asker lives first, with what to do, then everywhere else.
pub fn status(
    language: Language,
    in_force: &InForce,
    directory: &Directory,
    home: Option<AreaId>,
    now: Instant,
) -> String {
    let mut parts = vec![language.say(
        "evacuation-heading",
        &[("when", when(language, now).into())],
    )];
    if in_force.is_empty() {
        parts.push(language.say("evacuation-none", &[]));
        return parts.join("\n\n");
    }
    let home = home.and_then(|home| directory.get(home));
    if let Some(area) = home {
        parts.push(at_home(language, area, in_force.of(area.id)));
    }
    let elsewhere: Vec<String> = in_force
        .by_level()
        .filter_map(|(level, areas)| listed(language, directory, level, &areas))
        .collect();
    if !elsewhere.is_empty() {
        let heading = match home {
            Some(_) => "evacuation-in-town",
            None => "evacuation-everywhere-known",
        };
        parts.push(format!(
            "{}\n{}",
            language.say(heading, &[]),
            elsewhere.join("\n")
        ));
    }
    parts.join("\n\n")
}

/// One line for answers to something else: the gravest order, where the asker lives if there is one.
pub fn headline(
    language: Language,
    in_force: &InForce,
    home: Option<AreaId>,
    now: Instant,
) -> String {
    let gravest = |orders: &[Order]| orders.first().map(|order| order.level);
    let at_home = home.and_then(|home| gravest(in_force.of(home)));
    let anywhere = in_force.by_level().next().map(|(level, _)| level);
    let (key, in_force) = match (at_home, anywhere) {
        (Some(level), _) => ("evacuation-headline-home", level),
        (None, Some(level)) => ("evacuation-headline-town", level),
        (None, None) => {
            let when = when(language, now);
            return language.say("evacuation-headline-none", &[("when", when.into())]);
        }
    };
    language.say(key, &[("level", level(language, in_force).into())])
}

fn at_home(language: Language, area: &Area, orders: &[Order]) -> String {
    let name = area.label();
    let Some(gravest) = orders.first() else {
        return language.say("evacuation-home-none", &[("area", name.into())]);
    };
    let mut lines = vec![language.say("evacuation-home", &[("area", name.into())])];
    lines.extend(orders.iter().map(|order| {
        let values = [
            ("level", level(language, order.level).into()),
            ("when", when(language, order.since).into()),
        ];
        language.say("evacuation-since", &values)
    }));
    lines.push(what_to_do(language, gravest.level));
    lines.join("\n")
}

/// Areas as they are named: a district whole where all of it is meant, the town where all of that is. Those that are no
/// areas of today's are left out.
pub fn places(language: Language, directory: &Directory, areas: &[AreaId]) -> Vec<String> {
    let areas: BTreeSet<AreaId> = areas.iter().copied().collect();
    if directory.areas().all(|area| areas.contains(&area.id)) {
        return vec![language.say("evacuation-whole-town", &[])];
    }
    let mut places = Vec::new();
    let mut whole = BTreeSet::new();
    for district in directory.districts() {
        let all = directory.in_district(district);
        if all.iter().all(|area| areas.contains(&area.id)) {
            whole.insert(district);
            places.push(language.say("evacuation-whole", &[("district", district.into())]));
        }
    }
    let singly = directory.areas().filter(|area| areas.contains(&area.id));
    let singly = singly.filter(|area| {
        let district = area.district.as_deref();
        district.is_none_or(|district| !whole.contains(district))
    });
    places.extend(singly.map(Area::label));
    places
}

/// The places under a level. Nothing when none of them is an area of today's.
fn listed(
    language: Language,
    directory: &Directory,
    under: Level,
    areas: &[AreaId],
) -> Option<String> {
    let mut places = places(language, directory, areas);
    if places.is_empty() {
        return None;
    }
    let more = places.len().saturating_sub(PLACES);
    places.truncate(PLACES);
    if more > 0 {
        places.push(language.say("evacuation-more", &[("count", more.into())]));
    }
    let places = places.join(&language.say("list-separator", &[]));
    let values = [
        ("level", level(language, under).into()),
        ("places", places.into()),
    ];
    Some(language.say("evacuation-places", &values))
}

/// 「11月24日(火) 8:30」.
fn when(language: Language, at: Instant) -> String {
    let civil = datetime_in_japan(at);
    let values = [
        ("date", language.date(civil.date()).into()),
        ("time", civil.format("%-H:%M").to_string().into()),
    ];
    language.say("evacuation-when", &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn area(id: i64, district: Option<&str>, name: &str) -> Area {
        Area {
            id: AreaId(id),
            district: district.map(str::to_owned),
            name: name.to_owned(),
            reading: None,
        }
    }

    fn town() -> Directory {
        Directory::new(vec![
            area(1, Some("港"), "浜町"),
            area(2, Some("港"), "塩町"),
            area(3, Some("山"), "沢"),
            area(4, Some("山"), "峠"),
        ])
    }

    fn orders(orders: &[(i64, Level)]) -> InForce {
        let since = Instant::UNIX_EPOCH;
        let source = Uuid::nil();
        InForce::new(orders.iter().map(|(area, level)| Order {
            area: AreaId(*area),
            level: *level,
            since,
            source,
        }))
    }

    #[test]
    fn whole_places_are_named_as_wholes() {
        let listed = |ids: &[i64]| {
            let areas: Vec<AreaId> = ids.iter().copied().map(AreaId).collect();
            listed(Language::japanese(), &town(), Level::Four, &areas)
        };
        let all = listed(&[1, 2, 3, 4]).unwrap_or_default();
        assert!(all.contains("すべての地区") && !all.contains('浜'), "{all}");
        let harbour = listed(&[1, 2, 3]).unwrap_or_default();
        assert!(
            harbour.contains("港（全域）")
                && harbour.contains("山/沢")
                && !harbour.contains("浜町"),
            "{harbour}"
        );
        assert_eq!(listed(&[99]), None, "an area that is no more");
    }

    #[test]
    fn every_language_says_every_level_where_when_and_what_to_do() {
        let now = Instant::UNIX_EPOCH;
        for language in Language::all() {
            for order in Level::ALL {
                let in_force = orders(&[(1, order), (3, Level::Three)]);
                let home = Some(AreaId(1));
                let said = status(language, &in_force, &town(), home, now);
                assert!(said.contains(&level(language, order)), "{said}");
                assert!(said.contains(&what_to_do(language, order)), "{said}");
                assert!(said.contains("港/浜町") && said.contains("9:00"), "{said}");
                assert!(!said.contains("evacuation-"), "{said}");
                let line = headline(language, &in_force, home, now);
                assert!(line.contains(&level(language, order)), "{line}");
            }
            let calm = status(language, &InForce::default(), &town(), Some(AreaId(1)), now);
            assert!(calm.contains("9:00") && !calm.contains('浜'), "{calm}");
        }
    }

    #[test]
    fn levels_are_named_as_the_law_does_and_a_tsunami_has_none() {
        let name = |order| level(Language::japanese(), order);
        assert_eq!(name(Level::Three), "警戒レベル3 高齢者等避難");
        assert_eq!(name(Level::Four), "警戒レベル4 避難指示");
        assert_eq!(name(Level::Five), "警戒レベル5 緊急安全確保");
        assert_eq!(name(Level::Order), "避難指示");
    }
}
