//! Hazards, places and the distance between them.

use super::opening::{Opening, State};
use crate::ids::ShelterId;

/// The earth's mean radius in metres (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// A kind of disaster, as the law on designated places divides them (災害対策基本法施行令 20条の4).
/// A place that is safe from one may be deadly in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hazard {
    /// 洪水: a river overflows.
    Flood,
    /// 崖崩れ、土石流及び地滑り.
    Landslide,
    /// 高潮: the sea rises in a storm.
    StormSurge,
    /// 地震.
    Earthquake,
    /// 津波.
    Tsunami,
    /// 大規模な火事.
    Fire,
    /// 内水氾濫: rain cannot drain away.
    InlandFlood,
    /// 火山現象.
    Volcano,
}

/// The hazards a place is safe from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hazards(u8);

/// A point on the earth, in Japan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    latitude: f64,
    longitude: f64,
}

/// An evacuation place.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelter {
    /// Its number, until the list is imported anew; none of one that is about to be.
    pub id: Option<ShelterId>,
    /// Its name.
    pub name: String,
    /// Its address, as the town writes it.
    pub address: String,
    /// Where it is; some towns do not publish that.
    pub location: Option<Location>,
    /// What it is safe from.
    pub hazards: Hazards,
    /// Whether one may also stay there afterwards (指定避難所).
    pub also_to_stay: bool,
    /// What the town adds: 4階以上, 駐車場は使えません.
    pub note: Option<String>,
    /// What staff last said of it; nothing, of most.
    pub opening: Option<Opening>,
}

/// A place and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The place.
    pub shelter: Shelter,
    /// Where it is.
    pub location: Location,
    /// Metres from the asker, as the crow flies.
    pub metres: f64,
}

impl Hazard {
    /// All hazards, in the order of the published tables.
    pub const ALL: [Self; 8] = [
        Self::Flood,
        Self::Landslide,
        Self::StormSurge,
        Self::Earthquake,
        Self::Tsunami,
        Self::Fire,
        Self::InlandFlood,
        Self::Volcano,
    ];

    /// The name in postbacks and sentence keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Flood => "flood",
            Self::Landslide => "landslide",
            Self::StormSurge => "storm-surge",
            Self::Earthquake => "earthquake",
            Self::Tsunami => "tsunami",
            Self::Fire => "fire",
            Self::InlandFlood => "inland-flood",
            Self::Volcano => "volcano",
        }
    }

    /// The hazard of that [`Hazard::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|h| h.code() == code)
    }

    /// The name in the law and at the head of the tables' columns.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flood => "洪水",
            Self::Landslide => "崖崩れ、土石流及び地滑り",
            Self::StormSurge => "高潮",
            Self::Earthquake => "地震",
            Self::Tsunami => "津波",
            Self::Fire => "大規模な火事",
            Self::InlandFlood => "内水氾濫",
            Self::Volcano => "火山現象",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl Hazards {
    /// Whether `hazard` is among them.
    pub fn contains(self, hazard: Hazard) -> bool {
        self.0 & hazard.bit() != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of the tables.
    pub fn iter(self) -> impl Iterator<Item = Hazard> {
        Hazard::ALL.into_iter().filter(move |h| self.contains(*h))
    }
}

impl FromIterator<Hazard> for Hazards {
    fn from_iter<T: IntoIterator<Item = Hazard>>(hazards: T) -> Self {
        Self(hazards.into_iter().fold(0, |bits, h| bits | h.bit()))
    }
}

impl Location {
    /// A point in degrees north and east, or `None` when it is not in Japan (20–46° N, 122–154° E).
    pub fn in_japan(latitude: f64, longitude: f64) -> Option<Self> {
        let inside = (20.0..=46.0).contains(&latitude) && (122.0..=154.0).contains(&longitude);
        inside.then_some(Self {
            latitude,
            longitude,
        })
    }

    /// Degrees north.
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Metres to `other` on the great circle (haversine; within 0.5 % of the ellipsoid).
    pub fn metres_to(self, other: Self) -> f64 {
        let [from, to] = [self.latitude, other.latitude].map(f64::to_radians);
        let up = ((to - from) / 2.0).sin().powi(2);
        let along = ((other.longitude - self.longitude).to_radians() / 2.0)
            .sin()
            .powi(2);
        let half_chord = up + from.cos() * to.cos() * along;
        2.0 * EARTH_RADIUS * half_chord.min(1.0).sqrt().asin()
    }
}

/// The `count` of `shelters` nearest to `from` that are safe from `hazard`, or from anything at all. One that is
/// full is named where it stands among them, and not counted. Where none of them is known to be open, the nearest
/// that is comes after them.
pub fn nearest_of(
    shelters: Vec<Shelter>,
    from: Location,
    hazard: Option<Hazard>,
    count: usize,
) -> Vec<Near> {
    let mut near: Vec<Near> = shelters
        .into_iter()
        .filter(|s| match hazard {
            Some(hazard) => s.hazards.contains(hazard),
            // A place of which nobody says that it is safe from something is offered to nobody.
            None => !s.hazards.is_empty(),
        })
        .filter_map(|shelter| {
            let location = shelter.location?;
            Some(Near {
                metres: from.metres_to(location),
                location,
                shelter,
            })
        })
        .collect();
    near.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    let enough = near
        .iter()
        .scan(count, |left, near| {
            let goes_on = *left > 0;
            *left -= usize::from(goes_on && !near.is(State::Full));
            goes_on.then_some(())
        })
        .count();
    let farther = near.split_off(enough);
    if !near.iter().any(|near| near.is(State::Open)) {
        near.extend(farther.into_iter().find(|near| near.is(State::Open)));
    }
    near
}

impl Near {
    /// Whether staff said so of it.
    pub fn is(&self, state: State) -> bool {
        let opening = self.shelter.opening.as_ref();
        opening.is_some_and(|opening| opening.state == state)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::ids::PersonId;
    use proptest::prelude::*;

    fn at(latitude: f64, longitude: f64) -> Location {
        Location::in_japan(latitude, longitude).unwrap()
    }

    #[test]
    fn known_distances_come_out() {
        // One degree of a meridian is 111,195 m on the mean sphere.
        assert!((at(35.0, 139.0).metres_to(at(36.0, 139.0)) - 111_195.0).abs() < 1.0);
        // Tokyo station to Shin-Osaka station, about 403 km.
        let far = at(35.681_236, 139.767_125).metres_to(at(34.733_466, 135.500_188));
        assert!((395_000.0..411_000.0).contains(&far), "{far}");
    }

    #[test]
    fn points_outside_japan_and_swapped_ones_are_refused() {
        for (latitude, longitude) in [(0.0, 0.0), (139.7, 35.6), (f64::NAN, 139.0), (48.85, 2.35)] {
            assert_eq!(Location::in_japan(latitude, longitude), None);
        }
    }

    #[test]
    fn codes_lead_back_to_their_hazards() {
        for hazard in Hazard::ALL {
            assert_eq!(Hazard::parse(hazard.code()), Some(hazard));
            assert_eq!(
                Hazards::from_iter([hazard]).iter().collect::<Vec<_>>(),
                [hazard]
            );
        }
        assert_eq!(Hazard::parse("洪水"), None);
    }

    fn point() -> impl Strategy<Value = Location> {
        (20.0..=46.0f64, 122.0..=154.0f64).prop_map(|(a, b)| at(a, b))
    }

    fn shelter(location: Option<Location>, bits: u8) -> Shelter {
        Shelter {
            id: None,
            opening: None,
            name: String::new(),
            address: String::new(),
            location,
            hazards: Hazards(bits),
            also_to_stay: false,
            note: None,
        }
    }

    proptest! {
        #[test]
        fn distance_is_a_metric(a in point(), b in point(), c in point()) {
            prop_assert_eq!(a.metres_to(a), 0.0);
            prop_assert!((a.metres_to(b) - b.metres_to(a)).abs() < 1e-6);
            prop_assert!(a.metres_to(c) <= a.metres_to(b) + b.metres_to(c) + 1e-6);
            prop_assert!(a.metres_to(b) < 4_500_000.0, "Japan is not that long");
        }

        #[test]
        fn no_nearer_safe_place_is_left_out(
            from in point(),
            places in proptest::collection::vec((proptest::option::of(point()), any::<u8>()), 0..30),
            count in 0usize..6,
        ) {
            let all: Vec<Shelter> = places.into_iter().map(|(l, bits)| shelter(l, bits)).collect();
            let safe: Vec<f64> = all.iter()
                .filter(|s| s.hazards.contains(Hazard::Tsunami))
                .filter_map(|s| s.location)
                .map(|l| from.metres_to(l))
                .collect();
            let near = nearest_of(all, from, Some(Hazard::Tsunami), count);
            prop_assert_eq!(near.len(), safe.len().min(count));
            prop_assert!(near.is_sorted_by(|a, b| a.metres <= b.metres));
            prop_assert!(near.iter().all(|n| n.shelter.hazards.contains(Hazard::Tsunami)));
            if let Some(last) = near.last() {
                let nearer = safe.iter().filter(|m| **m < last.metres).count();
                prop_assert!(nearer < near.len());
            }
        }
    }

    fn named(name: &str, metres: f64, state: Option<State>) -> Shelter {
        let at = Instant::UNIX_EPOCH;
        Shelter {
            name: name.to_owned(),
            opening: state.map(|state| Opening {
                state,
                since: at,
                confirmed_at: at,
                note: None,
                by: PersonId::new(at),
            }),
            ..shelter(Some(self::at(35.0 + metres / 111_195.0, 139.0)), u8::MAX)
        }
    }

    #[test]
    fn a_full_place_keeps_no_other_away_and_an_open_one_is_never_left_out() {
        use State::{Closed, Full, Open};
        let names = |places: &[(&str, f64, Option<State>)]| {
            let places = places
                .iter()
                .map(|(name, metres, state)| named(name, *metres, *state));
            let near = nearest_of(places.collect(), at(35.0, 139.0), None, 2);
            let names: Vec<String> = near.into_iter().map(|near| near.shelter.name).collect();
            names.concat()
        };
        let [a, b, c, d] = [("a", 1e2), ("b", 2e2), ("c", 3e2), ("d", 4e2)];
        let of = |(name, metres): (&'static str, f64), state| (name, metres, state);
        assert_eq!(names(&[of(a, None), of(b, None), of(c, None)]), "ab");
        assert_eq!(
            names(&[of(a, Some(Full)), of(b, None), of(c, None), of(d, None)]),
            "abc"
        );
        assert_eq!(
            names(&[of(a, None), of(b, None), of(c, None), of(d, Some(Open))]),
            "abd"
        );
        assert_eq!(
            names(&[of(a, Some(Open)), of(b, None), of(d, Some(Open))]),
            "ab"
        );
        assert_eq!(
            names(&[of(a, Some(Closed)), of(b, Some(Full)), of(c, Some(Full))]),
            "abc"
        );
    }
}
