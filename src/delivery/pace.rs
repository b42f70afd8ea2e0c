//! How fast LINE is called, all senders of the channel together: calls are spread evenly below
//! [LINE's limit](https://developers.line.biz/en/reference/messaging-api/#rate-limits) of 200
//! multicasts a second. The database holds when the next may go out; whoever takes some moves it on.

use chrono::TimeDelta;

use super::model::Lane;
use crate::clock::Instant;

/// Microseconds between calls of an emergency: LINE's whole limit.
const EMERGENCY_US: i64 = 1_000_000 / 200;
/// Microseconds between other calls: a little of the limit stays free, so that an emergency need not
/// wait until LINE's bucket has filled again.
const OTHERS_US: i64 = 1_000_000 / 196;
/// How far ahead of the clock calls are taken on: long enough to fill the time between two turns of the
/// sender, short enough that an emergency waits for no more than this.
const AHEAD_US: i64 = 160_000;
/// How long everybody waits after LINE said that it was too fast.
const SLOWER_US: i64 = 250_000;

/// The moments at which calls may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// When the next call may go out, in microseconds since 1970.
    pub(super) next_us: i64,
}

impl Pace {
    /// How many calls may be taken on at `now`.
    pub(super) fn free(self, now: Instant) -> usize {
        let now_us = now.timestamp_micros();
        let ahead = now_us + AHEAD_US - self.next_us.max(now_us);
        usize::try_from((ahead + OTHERS_US - 1) / OTHERS_US).unwrap_or_default()
    }

    /// Takes on a call at `now`: how long from then it is to wait.
    pub(super) fn take(&mut self, now: Instant, lane: Lane) -> TimeDelta {
        let now_us = now.timestamp_micros();
        let slot = self.next_us.max(now_us);
        self.next_us = slot
            + match lane {
                Lane::Emergency => EMERGENCY_US,
                _ => OTHERS_US,
            };
        TimeDelta::microseconds(slot - now_us)
    }

    /// LINE said that it was too fast.
    pub(super) fn slow_down(&mut self, now: Instant) {
        self.next_us = self.next_us.max(now.timestamp_micros() + SLOWER_US);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    #[test]
    fn calls_keep_below_lines_limit_and_near_it() {
        let (mut pace, mut calls) = (Pace { next_us: 0 }, Vec::new());
        for turn in 0..125 {
            let now = at(turn * 80);
            for _ in 0..pace.free(now) {
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
        let mut pace = Pace { next_us: 0 };
        let now = at(3_600_000);
        let free = pace.free(now);
        assert!((30..=33).contains(&free), "{free}");
        for _ in 0..free {
            assert!(pace.take(now, Lane::Bulk) <= TimeDelta::milliseconds(160));
        }
        assert_eq!(pace.free(now), 0);
        pace.slow_down(now);
        assert_eq!(
            pace.take(now, Lane::Emergency),
            TimeDelta::milliseconds(250)
        );
    }
}
