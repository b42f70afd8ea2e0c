//! When people were reached or not, gathered into columns of time. Pure.

use chrono::TimeDelta;

use super::Fate;
use crate::clock::Instant;

/// Seconds that a column may stand for: what clocks and people count by.
const STEPS: [i64; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400,
];

/// Columns of time, without a gap, from the first end to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverTime {
    /// What each column stands for.
    pub step: TimeDelta,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// What ended in a column's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// When it begins.
    pub from: Instant,
    /// People by how their envelopes ended.
    pub people: [u64; 4],
    /// Envelopes that ended, likewise.
    pub envelopes: u64,
}

impl OverTime {
    /// How envelopes end, in the order in which a column has them.
    pub const FATES: [Fate; 4] = [Fate::Accepted, Fate::Refused, Fate::Unknown, Fate::Late];

    /// Gathers ends (when, how, how many people) into `most` columns at most; `None` without any.
    pub(super) fn of(ends: &[(Instant, Fate, u64)], most: usize) -> Option<Self> {
        let seconds = |at: Instant| at.timestamp();
        let first = ends.iter().map(|(at, ..)| seconds(*at)).min()?;
        let last = ends.iter().map(|(at, ..)| seconds(*at)).max()?;
        let columns = |step: i64| last.div_euclid(step) - first.div_euclid(step) + 1;
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let fits = STEPS.into_iter().find(|step| columns(*step) <= most);
        // Years of a dispatch that was forgotten: days, as many as it takes. One column less than there is room
        // for, since the first and the last may stand out.
        let days = || (last - first) / (most - 1).max(1) / 86_400 * 86_400 + 86_400;
        let step = fits.unwrap_or_else(days);
        let begins = first.div_euclid(step);
        let mut gathered: Vec<Column> = (0..columns(step))
            .map(|at| Column {
                from: Instant::from_timestamp((begins + at) * step, 0).unwrap_or_default(),
                people: [0; 4],
                envelopes: 0,
            })
            .collect();
        for (at, fate, people) in ends {
            let place = usize::try_from(seconds(*at).div_euclid(step) - begins);
            let column = place.ok().and_then(|place| gathered.get_mut(place));
            let kind = Self::FATES.iter().position(|known| known == fate);
            if let Some((column, kind)) = column.zip(kind) {
                column.people[kind] += people;
                column.envelopes += 1;
            }
        }
        Some(Self {
            step: TimeDelta::seconds(step),
            columns: gathered,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn columns_are_as_fine_as_there_is_room_for() {
        assert_eq!(OverTime::of(&[], 60), None);
        let one = OverTime::of(&[(at(0), Fate::Accepted, 500)], 60).unwrap();
        assert_eq!((one.step, one.columns.len()), (TimeDelta::seconds(1), 1));
        let ends: Vec<_> = (0..600).map(|n| (at(n), Fate::Accepted, 1)).collect();
        let ten = OverTime::of(&ends, 60).unwrap();
        assert_eq!((ten.step, ten.columns.len()), (TimeDelta::seconds(10), 60));
        let stopped = [(at(0), Fate::Accepted, 3), (at(7_200), Fate::Unknown, 4)];
        let hours = OverTime::of(&stopped, 60).unwrap();
        assert_eq!(hours.step, TimeDelta::minutes(5));
        assert_eq!(hours.columns[0].people, [3, 0, 0, 0]);
        assert_eq!(hours.columns.last().unwrap().people, [0, 0, 4, 0]);
        assert!(
            hours.columns[1..24]
                .iter()
                .all(|column| column.envelopes == 0)
        );
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_there_is_room(
            ends in prop::collection::vec((0_i64..40_000_000, 0_usize..4, 1_u64..500), 1..80),
            most in 1_usize..70,
        ) {
            let ends: Vec<_> =
                ends.into_iter().map(|(s, kind, people)| (at(s), OverTime::FATES[kind], people)).collect();
            let over = OverTime::of(&ends, most).unwrap();
            prop_assert!(over.columns.len() <= most.max(2));
            for (kind, fate) in OverTime::FATES.iter().enumerate() {
                let told: u64 = over.columns.iter().map(|column| column.people[kind]).sum();
                let were: u64 = ends.iter().filter(|(_, of, _)| of == fate).map(|(.., n)| n).sum();
                prop_assert_eq!(told, were);
            }
            let envelopes: u64 = over.columns.iter().map(|column| column.envelopes).sum();
            prop_assert_eq!(envelopes, ends.len() as u64);
        }
    }
}
