//! What a call's end means for its envelope: the one table, without database or clock.
//!
//! Two things decide: whether LINE may have taken the call, and whether it may have taken an earlier one
//! under the same key. While neither is certain, only the very same call may be repeated.

use chrono::TimeDelta;
use uuid::Uuid;

use super::model::{HoldReason, Lane, StopReason};
use crate::line::client::{Failure, Outcome, Refusal};

/// The pause after the first attempt; it doubles with each.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
/// Longest pause between attempts of an emergency, and of everything else.
const LONGEST_PAUSES: [TimeDelta; 2] = [TimeDelta::seconds(5), TimeDelta::seconds(60)];
/// Most characters kept of why something went wrong.
const MAX_WHY: usize = 300;

/// What is known of an envelope when its call has ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tried {
    /// How often it was called, this time included.
    pub(super) attempts: i32,
    /// Whether LINE may have taken an earlier call.
    pub(super) in_doubt: bool,
    /// How many people the call named; none if it was to everybody.
    pub(super) people: usize,
    pub(super) lane: Lane,
    /// Spreads the pauses.
    pub(super) key: Uuid,
}

/// What becomes of the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// LINE took it, now or before.
    Accepted { request_id: Option<String> },
    /// The same call again, after a pause.
    Again {
        after: TimeDelta,
        /// Whether LINE may have taken one of the calls so far.
        in_doubt: bool,
        why: String,
        then: Consequence,
    },
    /// LINE took none of its calls, and will not take another.
    Refused { why: String },
    /// LINE may have taken it, and asking again is of no use: a person decides.
    Unknown { why: String },
    /// LINE took none of its calls because of somebody in it: the others travel on under new keys.
    Split { around: Option<usize>, why: String },
}

/// What becomes of others besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consequence {
    Nothing,
    /// Everybody calls later.
    SlowDown,
    /// Nothing more of its dispatch.
    Stop(StopReason),
    /// Nothing more at all.
    Hold(HoldReason),
}

/// Judges how a call ended.
pub(super) fn judge(outcome: &Outcome<()>, tried: &Tried) -> Verdict {
    let failure = match outcome {
        Ok(accepted) => {
            return Verdict::Accepted {
                request_id: accepted.request_id.clone(),
            };
        }
        Err(failure) => failure,
    };
    let again = |in_doubt, then| Verdict::Again {
        after: pause(tried),
        in_doubt,
        why: why(failure),
        then,
    };
    match failure {
        Failure::Unknown { .. } => again(true, Consequence::Nothing),
        Failure::NotSent { .. } => again(tried.in_doubt, Consequence::Nothing),
        // Calls to everybody have a limit of their own, of which the others' pace says nothing.
        Failure::RateLimited(_) if tried.people == 0 => again(tried.in_doubt, Consequence::Nothing),
        Failure::RateLimited(_) => again(tried.in_doubt, Consequence::SlowDown),
        Failure::OutOfQuota(_) => again(tried.in_doubt, Consequence::Stop(StopReason::Quota)),
        Failure::NoToken { status, .. } => match status {
            Some(400..=403) => again(tried.in_doubt, Consequence::Hold(HoldReason::Unauthorised)),
            _ => again(tried.in_doubt, Consequence::Nothing),
        },
        Failure::Refused(refusal) => match refusal.status {
            401 | 403 => again(tried.in_doubt, Consequence::Hold(HoldReason::Unauthorised)),
            // The refusal is of this call; what became of an earlier one it does not say.
            _ if tried.in_doubt => Verdict::Unknown { why: why(failure) },
            // Nobody can be left out of it, and there is nothing more to stop.
            _ if tried.people == 0 => Verdict::Refused { why: why(failure) },
            400 | 413 if !is_about_messages(refusal) => match refusal.refused_recipient() {
                _ if tried.people <= 1 => Verdict::Refused { why: why(failure) },
                named => Verdict::Split {
                    around: named.filter(|at| *at < tried.people),
                    why: why(failure),
                },
            },
            // Every envelope of it says the same, and would be refused alike.
            _ => again(false, Consequence::Stop(StopReason::Refused)),
        },
    }
}

/// Whether LINE objects to what is said, not to whom.
fn is_about_messages(refusal: &Refusal) -> bool {
    let details = refusal.details.iter();
    details
        .map(|detail| detail.property.as_str())
        .chain([refusal.message.as_str()])
        .any(|text| text.contains("messages["))
}

/// Doubles with each attempt, and differs between envelopes that failed together.
fn pause(tried: &Tried) -> TimeDelta {
    let [emergency, others] = LONGEST_PAUSES;
    let longest = match tried.lane {
        Lane::Emergency => emergency,
        _ => others,
    };
    let doubled = FIRST_PAUSE * (1 << (tried.attempts - 1).clamp(0, 10));
    let whole = doubled.min(longest);
    let [spread, ..] = tried.key.as_bytes();
    let spread = spread.wrapping_add(u8::try_from(tried.attempts & 0xff).unwrap_or_default());
    // Between one half and the whole of it.
    whole / 2 + whole / 512 * i32::from(spread)
}

/// A failure in words that every database stores: no control characters, not without end.
fn why(failure: &Failure) -> String {
    let words = failure.to_string();
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_WHY)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::client::{Accepted, Detail, Lost};

    fn refusal(status: u16, message: &str, property: &str) -> Refusal {
        let detail = Detail {
            property: property.to_owned(),
            message: "odd".to_owned(),
        };
        Refusal {
            status,
            message: message.to_owned(),
            details: vec![detail],
            request_id: None,
        }
    }

    fn refused(status: u16) -> Failure {
        Failure::Refused(refusal(status, "odd", ""))
    }

    fn named(at: usize) -> Failure {
        let words = format!("The property, to[{at}], in the request body is invalid");
        Failure::Refused(refusal(400, &words, ""))
    }

    fn unknown(lost: Lost) -> Failure {
        Failure::Unknown {
            lost,
            request_id: None,
        }
    }

    fn no_token(status: Option<u16>) -> Failure {
        Failure::NoToken {
            status,
            cause: "odd".to_owned(),
        }
    }

    /// The verdict in a word, as the table below has it.
    fn word(failure: &Failure, tried: &Tried) -> String {
        match judge(&Err(failure.clone()), tried) {
            Verdict::Accepted { .. } => "accepted".to_owned(),
            Verdict::Again { in_doubt, then, .. } => {
                let doubt = if in_doubt { "again?" } else { "again" };
                match then {
                    Consequence::Nothing => doubt.to_owned(),
                    Consequence::SlowDown => format!("{doubt} slower"),
                    Consequence::Stop(reason) => format!("{doubt} stop {}", reason.as_str()),
                    Consequence::Hold(reason) => format!("{doubt} hold {}", reason.as_str()),
                }
            }
            Verdict::Refused { .. } => "refused".to_owned(),
            Verdict::Unknown { .. } => "unknown".to_owned(),
            Verdict::Split { around, .. } => match around {
                Some(at) => format!("split around {at}"),
                None => "halve".to_owned(),
            },
        }
    }

    const FRESH: Tried = Tried {
        attempts: 1,
        in_doubt: false,
        people: 500,
        lane: Lane::Bulk,
        key: Uuid::nil(),
    };
    const DOUBTFUL: Tried = Tried {
        attempts: 3,
        in_doubt: true,
        ..FRESH
    };
    const ALONE: Tried = Tried { people: 1, ..FRESH };
    const ALL: Tried = Tried { people: 0, ..FRESH };

    const HOLD: [&str; 4] = [
        "again hold unauthorised",
        "again? hold unauthorised",
        "again hold unauthorised",
        "again hold unauthorised",
    ];
    const STOP: [&str; 4] = [
        "again stop refused",
        "unknown",
        "again stop refused",
        "refused",
    ];

    #[test]
    fn every_end_of_a_call_has_its_meaning() {
        let server = || unknown(Lost::Server(refusal(500, "odd", "")));
        let not_sent = Failure::NotSent {
            cause: "odd".to_owned(),
        };
        let limited = Failure::RateLimited(refusal(429, "rate limit", ""));
        let quota = Failure::OutOfQuota(refusal(429, "monthly limit", ""));
        let message = Failure::Refused(refusal(400, "odd", "messages[0].text"));
        for (failure, told) in [
            (server(), ["again?", "again?", "again?", "again?"]),
            (
                unknown(Lost::Timeout),
                ["again?", "again?", "again?", "again?"],
            ),
            (
                unknown(Lost::Connection("reset".to_owned())),
                ["again?", "again?", "again?", "again?"],
            ),
            (
                unknown(Lost::Unreadable("line 1".to_owned())),
                ["again?", "again?", "again?", "again?"],
            ),
            (not_sent, ["again", "again?", "again", "again"]),
            (
                limited,
                ["again slower", "again? slower", "again slower", "again"],
            ),
            (
                quota,
                [
                    "again stop quota",
                    "again? stop quota",
                    "again stop quota",
                    "again stop quota",
                ],
            ),
            (no_token(None), ["again", "again?", "again", "again"]),
            (no_token(Some(500)), ["again", "again?", "again", "again"]),
            (no_token(Some(400)), HOLD),
            (refused(401), HOLD),
            (refused(403), HOLD),
            (refused(400), ["halve", "unknown", "refused", "refused"]),
            (refused(413), ["halve", "unknown", "refused", "refused"]),
            (
                named(7),
                ["split around 7", "unknown", "refused", "refused"],
            ),
            (named(500), ["halve", "unknown", "refused", "refused"]),
            (message, STOP),
            (refused(404), STOP),
            (refused(302), STOP),
        ] {
            let judged = [FRESH, DOUBTFUL, ALONE, ALL].map(|tried| word(&failure, &tried));
            assert_eq!(judged, told, "{failure}");
        }
    }

    #[test]
    fn accepted_is_accepted_whenever_it_was() {
        for already in [false, true] {
            let outcome = Ok(Accepted {
                request_id: Some("r".to_owned()),
                already,
                body: (),
            });
            let request_id = Some("r".to_owned());
            assert_eq!(judge(&outcome, &DOUBTFUL), Verdict::Accepted { request_id });
        }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        let pause = |attempts, lane, byte| {
            let key = Uuid::from_bytes([byte; 16]);
            pause(&Tried {
                attempts,
                lane,
                key,
                ..FRESH
            })
        };
        let seconds = |from, to| TimeDelta::milliseconds(from)..=TimeDelta::milliseconds(to);
        for byte in [0, 17, 200, 255] {
            assert!(seconds(500, 1_000).contains(&pause(1, Lane::Bulk, byte)));
            assert!(seconds(4_000, 8_000).contains(&pause(4, Lane::Bulk, byte)));
            assert!(seconds(30_000, 60_000).contains(&pause(40, Lane::Bulk, byte)));
            assert!(seconds(2_500, 5_000).contains(&pause(40, Lane::Emergency, byte)));
        }
        assert_ne!(pause(1, Lane::Bulk, 0), pause(1, Lane::Bulk, 100));
    }

    #[test]
    fn what_line_says_is_kept_as_every_database_can() {
        let odd = format!("a\0b\n{}", "語".repeat(MAX_WHY));
        let failure = Failure::Refused(refusal(404, &odd, ""));
        let why = why(&failure);
        assert!(why.chars().count() <= MAX_WHY && !why.contains(['\0', '\n']));
    }
}
