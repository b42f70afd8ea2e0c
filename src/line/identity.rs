//! Who LINE says the account is, kept for a while: a page that anybody may open costs LINE nothing.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::Mutex;

use super::client::{BotInfo, Client};
use crate::clock::Instant;

/// How long an answer is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(10);
/// How long nothing is asked after LINE did not answer.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// Who LINE says the account is.
#[derive(Debug)]
pub struct Identity {
    line: Arc<Client>,
    kept: Mutex<Kept>,
}

/// What LINE said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Who the account is.
    pub bot: BotInfo,
    /// When LINE said so.
    pub at: Instant,
    /// LINE has been asked since, and did not answer.
    pub stale: bool,
}

#[derive(Debug, Default)]
struct Kept {
    seen: Option<Seen>,
    asked: Option<Instant>,
}

impl Identity {
    /// Of the channel that `line` speaks for.
    pub fn new(line: Arc<Client>) -> Self {
        Self {
            line,
            kept: Mutex::default(),
        }
    }

    /// Who the account is, as LINE said at most ten minutes ago, or longer while it does not answer.
    /// Nothing if it never answered since we started.
    pub async fn at(&self, now: Instant) -> Option<Seen> {
        let mut kept = self.kept.lock().await;
        let fresh = |asked, held| asked > now - held;
        let held = kept.seen.as_ref().filter(|seen| !seen.stale);
        let wait = if held.is_some() { BELIEVED } else { PAUSE };
        if !kept.asked.is_some_and(|asked| fresh(asked, wait)) {
            kept.asked = Some(now);
            match self.line.bot_info().await {
                Ok(answer) => {
                    kept.seen = Some(Seen {
                        bot: answer.body,
                        at: now,
                        stale: false,
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "LINE does not say who the account is");
                    if let Some(seen) = &mut kept.seen {
                        seen.stale = true;
                    }
                }
            }
        }
        kept.seen.clone()
    }
}

impl BotInfo {
    /// Every LINE ID by which the account is found.
    pub fn ids(&self) -> Vec<&str> {
        let premium = self.premium_id.as_deref();
        premium
            .into_iter()
            .chain([self.basic_id.as_str()])
            .collect()
    }

    /// Where a tap adds the account as a friend.
    /// <https://developers.line.biz/en/docs/messaging-api/sharing-bot/>
    pub fn add_friend_url(&self) -> String {
        let id = self.premium_id.as_ref().unwrap_or(&self.basic_id);
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        format!("https://line.me/R/ti/p/{id}")
    }
}
