//! The eyes: what arrived where, and waiting for it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use crate::ledger::ApiCall;
use crate::world::World;
use crate::{Impossible, Simulator, Webhook, phone};

/// How long a wait lasts before it fails. Generous, as nothing waits longer than it must.
const PATIENCE: Duration = Duration::from_secs(15);

impl Simulator {
    /// What the account sent to a person, oldest first: `id`, `timestamp`, `via`, `requestId`,
    /// `notificationDisabled` and the `message` itself. Empty for a stranger.
    pub fn inbox(&self, user: &str) -> Vec<Value> {
        self.platform.look(|world| inbox(world, user))
    }

    /// The whole chat of a person, their own messages included (`from` says whose), oldest first.
    pub fn bubbles(&self, user: &str) -> Vec<Value> {
        let chat = |world: &World| {
            world
                .people
                .get(user)
                .map(|p| p.chat.iter().map(|bubble| bubble.view()).collect())
        };
        self.platform.look(chat).unwrap_or_default()
    }

    /// How many messages each person got from the account: user ids and counts, for large audiences.
    pub fn inbox_sizes(&self) -> Vec<(String, usize)> {
        self.platform.look(|world| {
            world
                .people
                .iter()
                .map(|p| (p.id.clone(), p.received().count()))
                .collect()
        })
    }

    /// The labels of the quick replies a person sees now.
    pub fn quick_replies(&self, user: &str) -> Vec<String> {
        self.platform.look(|world| {
            let buttons = world
                .people
                .get(user)
                .map(phone::quick_replies)
                .unwrap_or_default();
            buttons.into_iter().map(|button| button.label).collect()
        })
    }

    /// The labels of everything a person could tap now.
    pub fn buttons(&self, user: &str) -> Vec<String> {
        self.platform.look(|world| {
            let buttons = world
                .people
                .get(user)
                .map(|person| phone::buttons(world, person))
                .unwrap_or_default();
            buttons.into_iter().map(|button| button.label).collect()
        })
    }

    /// The API calls received, oldest first.
    pub fn requests(&self) -> Vec<ApiCall> {
        self.platform.look(|world| world.log.all())
    }

    /// The webhooks sent, oldest first.
    pub fn webhook_log(&self) -> Vec<Webhook> {
        self.platform
            .look(|world| world.courier.records().cloned().collect())
    }

    /// Waits until every webhook sent so far has been answered, or given up.
    ///
    /// # Errors
    /// If that takes longer than 15 seconds.
    pub async fn settle(&self) -> Result<(), Impossible> {
        self.wait(|world| world.courier.unsettled() == 0)
            .await
            .map_err(|_| {
                let open = self.platform.look(|world| world.courier.unsettled());
                Impossible(format!(
                    "{open} webhooks are still on their way after {PATIENCE:?}"
                ))
            })
    }

    /// Waits until a person has at least `n` bubbles from the account, and gives them.
    ///
    /// # Errors
    /// If that takes longer than 15 seconds; the message lists what there is.
    pub async fn wait_inbox(&self, user: &str, n: usize) -> Result<Vec<Value>, Impossible> {
        let arrived = |world: &World| {
            world
                .people
                .get(user)
                .is_some_and(|person| person.received().count() >= n)
        };
        let in_time = self.wait(arrived).await;
        let inbox = self.inbox(user);
        match in_time {
            Ok(()) => Ok(inbox),
            Err(_) => {
                let seen: Vec<String> = inbox
                    .iter()
                    .map(|bubble| bubble["message"].to_string())
                    .collect();
                let seen = seen.join("\n  ");
                Err(Impossible(format!(
                    "{n} bubbles were expected, {} came:\n  {seen}",
                    inbox.len()
                )))
            }
        }
    }

    /// Waits until the API call log satisfies `enough`.
    ///
    /// # Errors
    /// If that takes longer than 15 seconds.
    pub async fn wait_requests(
        &self,
        enough: impl Fn(&[ApiCall]) -> bool,
    ) -> Result<Vec<ApiCall>, Impossible> {
        let in_time = self.wait(|world| enough(&world.log.all())).await;
        let calls = self.requests();
        match in_time {
            Ok(()) => Ok(calls),
            Err(_) => {
                let seen: Vec<String> = calls
                    .iter()
                    .map(|c| format!("{} {} {}", c.method, c.path, c.status))
                    .collect();
                Err(Impossible(format!(
                    "the expected calls did not come; there were:\n  {}",
                    seen.join("\n  ")
                )))
            }
        }
    }

    async fn wait(
        &self,
        condition: impl Fn(&World) -> bool,
    ) -> Result<(), tokio::time::error::Elapsed> {
        let mut changes = self.platform.changes();
        timeout(PATIENCE, async {
            while !self.platform.look(&condition) {
                // The sender lives as long as the platform, which this borrow keeps alive.
                let _ = changes.changed().await;
            }
        })
        .await
    }
}

fn inbox(world: &World, user: &str) -> Vec<Value> {
    world
        .people
        .get(user)
        .map(|person| person.received().map(|bubble| bubble.view()).collect())
        .unwrap_or_default()
}
