//! Time. Instants are UTC, civil dates and hours are Japan's; they are different types and never mix.
//!
//! Only the edges (row 8 and above) read a [`Clock`]; everything below is told what time it is.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Tokyo;

/// A moment, kept to the microsecond: the finest step both databases store.
pub type Instant = DateTime<Utc>;

/// Where the edges learn what time it is.
#[derive(Debug, Clone, Default)]
pub struct Clock(Hands);

#[derive(Debug, Clone, Default)]
enum Hands {
    /// The machine's.
    #[default]
    System,
    /// The machine's, so much ahead or behind.
    Set(TimeDelta),
    /// Turned by a test.
    ByTest(Arc<Mutex<Instant>>),
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that shows `at` now, and goes on.
    pub fn set_to(at: Instant) -> Self {
        Self(Hands::Set(at - Utc::now()))
    }

    /// A clock that stands at `at` until somebody moves it; clones move together.
    pub fn fixed(at: Instant) -> Self {
        Self(Hands::ByTest(Arc::new(Mutex::new(at.trunc_subsecs(6)))))
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Hands::System => Utc::now().trunc_subsecs(6),
            Hands::Set(ahead) => (Utc::now() + *ahead).trunc_subsecs(6),
            Hands::ByTest(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock forward; one that goes is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Hands::ByTest(at) = &self.0 {
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
    fn a_clock_that_was_set_goes_on_from_there() {
        let night = Utc.timestamp_opt(1_795_271_000, 0).single();
        let night = night.unwrap_or_default();
        let clock = Clock::set_to(night);
        let (first, later) = (clock.now(), clock.clone().now());
        assert!(first >= night && later >= first);
        assert!(later - night < TimeDelta::minutes(1));
    }

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
