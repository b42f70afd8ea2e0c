//! Things that go wrong on purpose.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// 429 with the rate limit's wording; the call is not processed.
    RateLimited,
    /// 429 with the monthly quota's wording; the call is not processed.
    QuotaReached,
    /// 400, as for a request that the simulator's own rules would let pass; the call is not processed.
    Refused,
    /// 500; the call is not processed.
    ServerError,
    /// The connection is dropped before the call is processed.
    Reset,
    /// The call is processed, then the connection is dropped: the caller cannot know.
    LostAnswer,
    /// The call is processed, and then nothing comes, until the caller gives up.
    Stall,
    /// The call is processed, and of the answer's body comes the first half; then the connection is dropped.
    HalfBody,
    /// The call is processed and the whole answer comes, but its end, and the connection's, comes a second later.
    SlowClose,
    /// The answer comes this many milliseconds late.
    LatencyMs(u64),
    /// The next webhook is delivered twice, byte for byte.
    WebhookDuplicate,
    /// The next webhook is never delivered.
    WebhookDrop,
    /// Webhooks are held back until the fault is used up, then delivered in reverse order.
    WebhookReorder,
}

impl Effect {
    fn concerns_webhooks(self) -> bool {
        matches!(
            self,
            Self::WebhookDuplicate | Self::WebhookDrop | Self::WebhookReorder
        )
    }
}

/// How often it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occurrence {
    /// The next so many matching calls.
    Next(u32),
    /// One matching call, after so many that nothing happens to.
    After(u32),
    /// Each matching call with this probability, 0 to 1, drawn from the seeded generator.
    Probability(f64),
}

/// A fault to inject: what, how often, and on which calls.
///
/// ```
/// use line_simulator::{Effect, Fault};
/// let fault = Fault::next(3, Effect::LostAnswer).on("POST", "/v2/bot/message/multicast");
/// # let _ = fault;
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The HTTP method it concerns; any if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// The beginning of the path it concerns; every API path if empty. Webhook effects ignore it.
    #[serde(default)]
    pub path: String,
    /// What goes wrong.
    pub effect: Effect,
    /// How often.
    pub occurrence: Occurrence,
}

impl Fault {
    /// The next `n` matching calls.
    pub fn next(n: u32, effect: Effect) -> Self {
        Self {
            method: None,
            path: String::new(),
            effect,
            occurrence: Occurrence::Next(n),
        }
    }

    /// One matching call, after `n` that nothing happens to.
    pub fn after(n: u32, effect: Effect) -> Self {
        Self {
            occurrence: Occurrence::After(n),
            ..Self::next(1, effect)
        }
    }

    /// Each matching call with probability `p`.
    pub fn with_probability(p: f64, effect: Effect) -> Self {
        Self {
            method: None,
            path: String::new(),
            effect,
            occurrence: Occurrence::Probability(p),
        }
    }

    /// Only calls of this method whose path begins like this.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = path.to_owned();
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        !self.effect.concerns_webhooks()
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.starts_with(&self.path)
    }
}

/// The faults in force.
#[derive(Debug)]
pub(crate) struct Faults {
    list: Vec<Fault>,
    random: u64,
}

/// What the faults in force do to one API call.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Trouble {
    pub(crate) latency: Duration,
    pub(crate) effect: Option<Effect>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            list: Vec::new(),
            random: seed,
        }
    }

    pub(crate) fn inject(&mut self, fault: Fault) {
        self.list.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.list
    }

    /// Draws what happens to a call: latency adds up, of the other effects the first wins.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Trouble {
        let mut trouble = Trouble::default();
        let mut random = self.random;
        for fault in self
            .list
            .iter_mut()
            .filter(|fault| fault.matches(method, path))
        {
            let latency = matches!(fault.effect, Effect::LatencyMs(_));
            if (!latency && trouble.effect.is_some()) || !occurs(&mut fault.occurrence, &mut random)
            {
                continue;
            }
            match fault.effect {
                Effect::LatencyMs(ms) => trouble.latency += Duration::from_millis(ms),
                other => trouble.effect = Some(other),
            }
        }
        self.random = random;
        self.forget_spent();
        trouble
    }

    /// Draws what happens to a webhook.
    pub(crate) fn strike_webhook(&mut self) -> Option<Effect> {
        let mut random = self.random;
        let hit = self.list.iter_mut().find_map(|fault| {
            (fault.effect.concerns_webhooks() && occurs(&mut fault.occurrence, &mut random))
                .then_some(fault.effect)
        });
        self.random = random;
        self.forget_spent();
        hit
    }

    /// Whether webhooks are still to be held back for reordering.
    pub(crate) fn reordering(&self) -> bool {
        self.list
            .iter()
            .any(|fault| fault.effect == Effect::WebhookReorder)
    }

    fn forget_spent(&mut self) {
        self.list
            .retain(|fault| fault.occurrence != Occurrence::Next(0));
    }
}

fn occurs(occurrence: &mut Occurrence, random: &mut u64) -> bool {
    match occurrence {
        Occurrence::Next(0) => false,
        Occurrence::Next(left) => {
            *left -= 1;
            true
        }
        Occurrence::After(0) => {
            *occurrence = Occurrence::Next(0);
            true
        }
        Occurrence::After(left) => {
            *left -= 1;
            false
        }
        Occurrence::Probability(p) => draw(random) < *p,
    }
}

/// SplitMix64, as a fraction of 1: enough chance for faults, and the same on every machine.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_after_some_calls_strikes_one() {
        let mut faults = Faults::new(1);
        faults.inject(Fault::after(2, Effect::Reset));
        let struck: Vec<bool> = (0..4)
            .map(|_| faults.strike("GET", "/v2/bot/info").effect.is_some())
            .collect();
        assert_eq!(struck, [false, false, true, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn a_counted_fault_strikes_so_often_and_only_where_it_was_put() {
        let mut faults = Faults::new(1);
        faults.inject(Fault::next(2, Effect::ServerError).on("POST", "/v2/bot/message/push"));
        assert_eq!(faults.strike("POST", "/v2/bot/message/reply").effect, None);
        assert_eq!(
            faults.strike("POST", "/v2/bot/message/push").effect,
            Some(Effect::ServerError)
        );
        assert_eq!(
            faults.strike("POST", "/v2/bot/message/push").effect,
            Some(Effect::ServerError)
        );
        assert_eq!(faults.strike("POST", "/v2/bot/message/push").effect, None);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn chance_is_repeatable_and_near_its_probability() {
        let run = || {
            let mut faults = Faults::new(7);
            faults.inject(Fault::with_probability(0.1, Effect::Reset));
            (0..10_000)
                .map(|_| faults.strike("GET", "/v2/bot/info").effect.is_some())
                .collect::<Vec<_>>()
        };
        let hits = run().iter().filter(|hit| **hit).count();
        assert!((900..1_100).contains(&hits), "{hits}");
        assert_eq!(run(), run());
    }

    #[test]
    fn a_fault_reads_from_json() {
        let text =
            r#"{"method":"POST","path":"/v2","effect":{"latency_ms":250},"occurrence":{"next":1}}"#;
        let fault: Option<Fault> = serde_json::from_str(text).ok();
        assert_eq!(
            fault,
            Some(Fault::next(1, Effect::LatencyMs(250)).on("POST", "/v2"))
        );
    }
}
