//! Time. Instants are UTC, civil dates and hours are Japan's; they are different types and never mix.
//!
//! Only the edges (row 8 and above) read a [`Clock`]; everything below is told what time it is.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Tokyo;

/// A moment, kept to the microsecond: the finest step both databases store.
pub type Instant = DateTime<Utc>;

/// Where the edges learn what time it is: the system's clock, or one that a test turns by hand.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    turned_by_hand: Option<Arc<Mutex<Instant>>>,
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until somebody moves it; clones move together.
    pub fn fixed(at: Instant) -> Self {
        Self {
            turned_by_hand: Some(Arc::new(Mutex::new(at.trunc_subsecs(6)))),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        match &self.turned_by_hand {
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now().trunc_subsecs(6),
        }
    }

    /// Moves a fixed clock forward; the system's clock is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(at) = &self.turned_by_hand {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// The civil date in Japan at `instant`.
pub fn date_in_japan(instant: Instant) -> NaiveDate {
    instant.with_timezone(&Tokyo).date_naive()
}

/// The civil date and time in Japan at `instant`.
pub fn datetime_in_japan(instant: Instant) -> NaiveDateTime {
    instant.with_timezone(&Tokyo).naive_local()
}

/// The instant at which clocks in Japan show `civil`. Japan has no summer time, so there is exactly one.
pub fn instant_in_japan(civil: NaiveDateTime) -> Instant {
    Tokyo
        .from_local_datetime(&civil)
        .earliest()
        .map_or_else(|| civil.and_utc() - TimeDelta::hours(9), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_japan_begins_nine_hours_before_utc_does() {
        let late = Utc.timestamp_opt(1_795_273_200, 0).single();
        let late = late.unwrap_or_default(); // 2026-11-21T15:00:00Z
        assert_eq!(
            date_in_japan(late),
            NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default()
        );
        assert_eq!(instant_in_japan(datetime_in_japan(late)), late);
    }
}
