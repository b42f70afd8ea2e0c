//! LINE's rate limits: a token bucket for each endpoint
//! (<https://developers.line.biz/en/reference/messaging-api/#rate-limits>).

use std::collections::HashMap;
use std::time::Duration;

/// So many calls in so much time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    calls: u32,
    per: Duration,
}

impl Rate {
    pub(crate) const fn per_hour(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(3600),
        }
    }

    pub(crate) const fn per_minute(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(60),
        }
    }

    pub(crate) const fn per_second(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(1),
        }
    }
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Duration,
}

/// One bucket an endpoint, full at first.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<(&'static str, &'static str), Bucket>);

impl Buckets {
    /// Takes one call's allowance from the endpoint's bucket, or says there is none left.
    pub(crate) fn take(
        &mut self,
        endpoint: (&'static str, &'static str),
        rate: Rate,
        uptime: Duration,
    ) -> bool {
        let capacity = f64::from(rate.calls);
        let bucket = self.0.entry(endpoint).or_insert(Bucket {
            tokens: capacity,
            filled_at: uptime,
        });
        let gained = uptime.saturating_sub(bucket.filled_at).as_secs_f64() / rate.per.as_secs_f64()
            * capacity;
        bucket.tokens = (bucket.tokens + gained).min(capacity);
        bucket.filled_at = uptime;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills_evenly() {
        let mut buckets = Buckets::default();
        let endpoint = ("POST", "/x");
        let rate = Rate::per_hour(60);
        assert!((0..60).all(|_| buckets.take(endpoint, rate, Duration::ZERO)));
        assert!(!buckets.take(endpoint, rate, Duration::from_secs(59)));
        assert!(buckets.take(endpoint, rate, Duration::from_secs(61)));
        assert!(!buckets.take(endpoint, rate, Duration::from_secs(61)));
        assert!(
            buckets.take(("POST", "/y"), rate, Duration::from_secs(61)),
            "endpoints have their own buckets"
        );
    }
}
