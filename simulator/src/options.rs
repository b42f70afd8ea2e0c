//! What a simulator is started with.

use std::net::SocketAddr;
use std::time::Duration;

use crate::clock::Clock;

/// How many messages the account may send in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// No limit set, as on the plan for local governments.
    Unlimited,
    /// At most this many recipients a month.
    Limited(u64),
}

/// Everything that can be chosen when a [`Simulator`](crate::Simulator) starts; the defaults suit tests.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the API host, the phone page and `/_sim` listen. Port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where the api-data host listens.
    pub data_listen: SocketAddr,
    /// Where webhooks go; nothing is sent until it is known.
    pub webhook_url: Option<String>,
    /// The channel id, for stateless tokens.
    pub channel_id: String,
    /// The channel secret, which signs webhooks.
    pub channel_secret: String,
    /// The long-lived channel access token.
    pub access_token: String,
    /// The bot's user id, the `destination` of every webhook.
    pub bot_user_id: String,
    /// The account's basic id, `@…`.
    pub basic_id: String,
    /// The account's name as people see it.
    pub display_name: String,
    /// Where the phones are, latitude and longitude: what a person is offered when asked for a place.
    pub home: (f64, f64),
    /// Whether the account is verified: unverified ones may not list their followers (403).
    pub verified: bool,
    /// The monthly quota.
    pub quota: Quota,
    /// Whether failed webhooks are delivered again. Off by default, as at LINE.
    pub redelivery: bool,
    /// The wait before the first redelivery; it doubles each time.
    pub redelivery_backoff: Duration,
    /// How often a webhook is delivered at most, the first attempt included.
    pub redelivery_attempts: usize,
    /// How long a webhook may take before it counts as failed. LINE allows 2 seconds.
    pub webhook_timeout: Duration,
    /// Whether LINE's rate limits are kept.
    pub rate_limits: bool,
    /// The clock.
    pub clock: Clock,
    /// The seed of everything left to chance by a fault.
    pub seed: u64,
    /// How many API calls and webhooks are remembered; older ones are forgotten.
    pub memory: usize,
}

impl Default for Options {
    fn default() -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            listen: loopback,
            data_listen: loopback,
            webhook_url: None,
            channel_id: "1234567890".into(),
            channel_secret: "8c570fa6dd201bb328f1c1eac23a96d8".into(),
            access_token: "simulated-channel-access-token".into(),
            bot_user_id: "U00000000000000000000000000000b07".into(),
            basic_id: "@000town".into(),
            display_name: "しおみ市".into(),
            home: (35.6812, 139.7671),
            verified: true,
            quota: Quota::Unlimited,
            redelivery: false,
            redelivery_backoff: Duration::from_millis(50),
            redelivery_attempts: 5,
            webhook_timeout: Duration::from_secs(2),
            rate_limits: true,
            clock: Clock::System,
            seed: 20_261_122,
            memory: 20_000,
        }
    }
}
