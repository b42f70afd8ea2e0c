//! How often one address may ask; of IPv6, the /64 that one subscriber has.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::dev::ServiceRequest;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::staff::account::Network;

/// Requests a second that one address may keep up; a page is about three.
const A_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Requests at once: an office behind one address opens its mail together.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Addresses remembered before those long silent are dropped.
const MANY: usize = 10_000;

/// Counts requests by address.
#[derive(Debug)]
pub(super) struct Rate {
    limiter: DefaultKeyedRateLimiter<Network>,
    trusted_proxies: usize,
}

impl Rate {
    pub(super) fn new(trusted_proxies: usize) -> Self {
        let quota = Quota::per_second(A_SECOND).allow_burst(AT_ONCE);
        Self {
            limiter: RateLimiter::keyed(quota),
            trusted_proxies,
        }
    }

    /// Lets a request pass, or says how many seconds to wait.
    pub(super) fn check(&self, request: &ServiceRequest) -> Result<(), u64> {
        let Some(address) = self.address(request) else {
            return Ok(());
        };
        if self.limiter.len() > MANY {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(&Network::from(address))
            .map_err(|not_yet| {
                not_yet
                    .wait_time_from(DefaultClock::default().now())
                    .as_secs()
                    + 1
            })
    }

    /// Whoever the outermost proxy we trust saw. What stands further left in the header was written by
    /// the visitor, who may write anything.
    pub(super) fn address(&self, request: &ServiceRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let Some(from_right) = self.trusted_proxies.checked_sub(1) else {
            return Some(peer);
        };
        let seen = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect::<Vec<_>>();
        let hop = seen.iter().rev().nth(from_right);
        Some(hop.and_then(|hop| hop.trim().parse().ok()).unwrap_or(peer))
    }
}
