//! How fast LINE is called, all senders of the channel together: calls are spread evenly below LINE's
//! limit. The database holds when the next may go out; whoever takes some moves it on. Calls to everybody are
//! few and urgent: LINE takes [60 an hour](https://developers.line.biz/en/reference/messaging-api/#rate-limits),
//! however close together, and what is left of them is counted.

use std::num::NonZeroU32;

use chrono::TimeDelta;

use super::model::Lane;
use crate::clock::Instant;

const SECOND_US: i64 = 1_000_000;
/// Of a hundred calls that LINE would take, those that are not made unless in an emergency: it then need not
/// wait until LINE's bucket has filled again.
const SPARED: i64 = 2;
/// How far ahead of the clock calls are taken on: long enough to fill the time between two turns of the
/// sender, short enough that an emergency waits for no more than this.
const AHEAD_US: i64 = 160_000;
/// How long everybody but emergencies waits after LINE said that it was too fast. Each call that was refused waits for
/// its next attempt besides.
const SLOWER_US: i64 = 250_000;
/// How many calls to everybody LINE takes at once, and after how long it takes one more.
const BROADCASTS: i64 = 60;
const BROADCAST_US: i64 = 60 * SECOND_US;
/// Of these calls, those kept for emergencies.
const KEPT_BROADCASTS: i64 = 30;

/// How many multicasts a second LINE takes from a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(pub NonZeroU32);

impl Rate {
    /// [LINE's limit](https://developers.line.biz/en/reference/messaging-api/#rate-limits) for every channel.
    pub const LINE: Self = Self(NonZeroU32::new(200).unwrap());

    /// Microseconds between calls of an emergency: the whole limit.
    fn emergency_us(self) -> i64 {
        SECOND_US / i64::from(self.0.get())
    }

    /// Microseconds between other calls.
    fn others_us(self) -> i64 {
        SECOND_US * 100 / (i64::from(self.0.get()) * (100 - SPARED))
    }
}

/// The moments at which calls may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// When the next call may go out, in microseconds since 1970.
    pub(super) next_us: i64,
    /// Until when calls other than an emergency's wait, in microseconds since 1970.
    pub(super) paused_us: i64,
    pub(super) rate: Rate,
}

impl Pace {
    /// How many calls of this lane may be taken on at `now`.
    pub(super) fn free(self, now: Instant, lane: Lane) -> usize {
        let ahead = match lane {
            // Behind what others have taken on, not behind their next turn.
            Lane::Emergency => 2 * AHEAD_US,
            _ => AHEAD_US,
        };
        let ahead = now.timestamp_micros() + ahead - self.slot(now, lane);
        let apart = self.apart_us(lane);
        usize::try_from((ahead + apart - 1) / apart).unwrap_or_default()
    }

    /// Takes on a call at `now`: how long from then it is to wait.
    pub(super) fn take(&mut self, now: Instant, lane: Lane) -> TimeDelta {
        let slot = self.slot(now, lane);
        self.next_us = slot + self.apart_us(lane);
        TimeDelta::microseconds(slot - now.timestamp_micros())
    }

    /// LINE said that it was too fast.
    pub(super) fn slow_down(&mut self, now: Instant) {
        self.paused_us = self.paused_us.max(now.timestamp_micros() + SLOWER_US);
    }

    /// When a call of this lane may go out, if it is the next, in microseconds since 1970.
    fn slot(self, now: Instant, lane: Lane) -> i64 {
        let next = self.next_us.max(now.timestamp_micros());
        match lane {
            Lane::Emergency => next,
            _ => next.max(self.paused_us),
        }
    }

    fn apart_us(self, lane: Lane) -> i64 {
        match lane {
            Lane::Emergency => self.rate.emergency_us(),
            _ => self.rate.others_us(),
        }
    }
}

/// Calls to everybody that LINE still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broadcasts {
    /// When LINE takes as many at once again as it ever does, in microseconds since 1970.
    pub(super) full_us: i64,
}

impl Broadcasts {
    /// How many may be taken on at `now`, by a dispatch in this lane.
    pub(super) fn free(self, now: Instant, lane: Lane) -> usize {
        let missing_us = (self.full_us - now.timestamp_micros()).max(0);
        let missing = (missing_us + BROADCAST_US - 1) / BROADCAST_US;
        let kept = match lane {
            Lane::Emergency => 0,
            _ => KEPT_BROADCASTS,
        };
        usize::try_from(BROADCASTS - kept - missing).unwrap_or_default()
    }

    /// Takes one on at `now`.
    pub(super) fn take(&mut self, now: Instant) {
        self.full_us = self.full_us.max(now.timestamp_micros()) + BROADCAST_US;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Pace = Pace {
        next_us: 0,
        paused_us: 0,
        rate: Rate::LINE,
    };

    fn at(ms: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    #[test]
    fn calls_keep_below_lines_limit_and_near_it() {
        let (mut pace, mut calls) = (STILL, Vec::new());
        for turn in 0..125 {
            let now = at(turn * 80);
            for _ in 0..pace.free(now, Lane::Bulk) {
                calls.push(now + pace.take(now, Lane::Bulk));
            }
        }
        let in_second = |from: i64| {
            calls
                .iter()
                .filter(|c| (at(from)..at(from + 1_000)).contains(c))
                .count()
        };
        for from in (0..9_000).step_by(37) {
            assert!(
                (190..=197).contains(&in_second(from)),
                "{from}: {}",
                in_second(from)
            );
        }
    }

    #[test]
    fn nobody_books_far_ahead_and_pauses_are_not_made_up_for() {
        let mut pace = STILL;
        let now = at(3_600_000);
        let free = pace.free(now, Lane::Bulk);
        assert!((30..=33).contains(&free), "{free}");
        for _ in 0..free {
            assert!(pace.take(now, Lane::Bulk) <= TimeDelta::milliseconds(160));
        }
        assert_eq!(pace.free(now, Lane::Bulk), 0);
        assert!(pace.free(now, Lane::Emergency) >= 30);
        pace.slow_down(now);
        assert_eq!(pace.take(now, Lane::Bulk), TimeDelta::milliseconds(250));
    }

    #[test]
    fn emergencies_wait_for_no_pause_of_others() {
        let mut pace = STILL;
        let now = at(3_600_000);
        for turn in 0..20 {
            pace.slow_down(now + TimeDelta::milliseconds(turn));
        }
        assert_eq!(pace.free(now, Lane::Bulk), 0);
        assert_eq!(pace.free(now, Lane::Emergency), 64);
        assert_eq!(pace.take(now, Lane::Emergency), TimeDelta::zero());
        let others = pace.take(now, Lane::Scheduled);
        assert_eq!(
            others,
            TimeDelta::milliseconds(269),
            "their pause is theirs"
        );
    }

    #[test]
    fn calls_to_everybody_are_counted_by_the_hour_and_half_are_kept_for_emergencies() {
        let mut broadcasts = Broadcasts { full_us: 0 };
        let begun = at(3_600_000);
        assert_eq!(broadcasts.free(begun, Lane::Bulk), 30);
        for left in (0..60).rev() {
            broadcasts.take(begun);
            assert_eq!(broadcasts.free(begun, Lane::Emergency), left);
        }
        assert_eq!(broadcasts.free(begun, Lane::Bulk), 0);
        let minutes = |minutes: i64| begun + TimeDelta::minutes(minutes);
        let before = minutes(1) - TimeDelta::microseconds(1);
        assert_eq!(broadcasts.free(before, Lane::Emergency), 0);
        assert_eq!(broadcasts.free(minutes(1), Lane::Emergency), 1);
        assert_eq!(broadcasts.free(minutes(31), Lane::Bulk), 1);
        assert_eq!(broadcasts.free(minutes(600), Lane::Emergency), 60);
    }
}
