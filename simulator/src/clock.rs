//! The platform's clock: real or fixed, and movable in either case.

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

/// Which clock the platform starts with.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that shows this when the platform starts, and goes on.
    SetTo(DateTime<Utc>),
    /// A clock that stands still until it is moved.
    Fixed(DateTime<Utc>),
}

/// The running clock.
///
/// Rate limits run on [`Timepiece::uptime`], which always moves with real time and jumps with
/// every advance, so that a test under a fixed clock is not starved of its per-second allowance.
#[derive(Debug)]
pub(crate) struct Timepiece {
    clock: Clock,
    offset: TimeDelta,
    started: Instant,
    advanced: Duration,
}

impl Timepiece {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            offset: TimeDelta::zero(),
            started: Instant::now(),
            advanced: Duration::ZERO,
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let base = match self.clock {
            Clock::System => Utc::now(),
            Clock::SetTo(instant) => {
                instant + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default()
            }
            Clock::Fixed(instant) => instant,
        };
        base + self.offset
    }

    pub(crate) fn uptime(&self) -> Duration {
        self.started.elapsed() + self.advanced
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.offset += TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.advanced += by;
    }

    pub(crate) fn set(&mut self, instant: DateTime<Utc>) {
        self.offset += instant - self.now();
    }
}

/// The instant seen on a wall clock in Japan; LINE counts its days and months there.
pub(crate) fn in_japan(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(9 * 3600) {
        Some(jst) => instant.with_timezone(&jst),
        None => instant.fixed_offset(),
    }
}
