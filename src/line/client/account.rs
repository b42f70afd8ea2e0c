//! The account itself: its quota, its identity, its friends, its webhook, its chats.

use serde::{Deserialize, Serialize};

use super::call::Call;
use super::{Client, Outcome};
use crate::line::{GroupId, RoomId, UserId};

/// How many people may be sent messages this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// As many as we like, as in the plan for local governments.
    Unlimited,
    /// So many.
    Limited(u64),
}

/// Who the account is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotInfo {
    /// Equals `destination` of every webhook meant for this account.
    pub user_id: String,
    /// `@…`
    pub basic_id: String,
    /// `@…` by choice, if bought.
    pub premium_id: Option<String>,
    /// The name people see.
    pub display_name: String,
}

/// Some of the account's friends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowerPage {
    /// Friends; may be fewer than asked for although more follow.
    pub user_ids: Vec<UserId>,
    /// Entries that are no user ids.
    pub unusable: usize,
    /// Where to go on, for 24 hours; `None` at the end.
    pub next: Option<String>,
}

/// Where LINE posts events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookEndpoint {
    /// The address.
    pub endpoint: String,
    /// Whether "use webhook" is on.
    pub active: bool,
}

/// What LINE found when it called our webhook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTest {
    /// Whether we answered as we should.
    pub success: bool,
    /// Our HTTP status; 0 or less when we gave none.
    pub status_code: Option<i32>,
    /// `OK`, `COULD_NOT_CONNECT`, `REQUEST_TIMEOUT`, `ERROR_STATUS_CODE`, `UNCLASSIFIED` or something new.
    pub reason: Option<String>,
    /// In words.
    pub detail: Option<String>,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'a str>,
}

impl Client {
    /// How many messages the plan allows this month, sends from LINE's own manager included.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn quota(&self) -> Outcome<Quota> {
        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "camelCase")]
        enum Wire {
            None,
            Limited { value: u64 },
        }
        let wire = self.ask::<Wire>(Call::get("/v2/bot/message/quota")).await?;
        Ok(wire.map(|wire| match wire {
            Wire::None => Quota::Unlimited,
            Wire::Limited { value } => Quota::Limited(value),
        }))
    }

    /// About how many messages were sent this month, counted in recipients.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn consumption(&self) -> Outcome<u64> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            total_usage: u64,
        }
        let wire = self
            .ask::<Wire>(Call::get("/v2/bot/message/quota/consumption"))
            .await?;
        Ok(wire.map(|wire| wire.total_usage))
    }

    /// Who we are.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn bot_info(&self) -> Outcome<BotInfo> {
        self.ask(Call::get("/v2/bot/info")).await
    }

    /// Up to 1,000 friends, from the beginning or where the last page ended. Verified accounts only.
    ///
    /// # Errors
    /// [`Failure`](super::Failure); refused with 403 for an account that is not verified.
    pub async fn follower_ids(&self, start: Option<&str>) -> Outcome<FollowerPage> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            user_ids: Vec<String>,
            next: Option<String>,
        }
        let call = Call::get("/v2/bot/followers/ids").query("limit", "1000");
        let call = match start {
            Some(start) => call.query("start", start),
            None => call,
        };
        let wire = self.ask::<Wire>(call).await?;
        Ok(wire.map(|Wire { user_ids, next }| {
            let given = user_ids.len();
            let user_ids: Vec<UserId> = user_ids
                .iter()
                .filter_map(|id| UserId::parse(id).ok())
                .collect();
            FollowerPage {
                unusable: given - user_ids.len(),
                user_ids,
                next,
            }
        }))
    }

    /// Shows that an answer is being made, until it comes or 20 seconds have passed.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn start_loading(&self, chat: &UserId) -> Outcome<()> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Loading<'a> {
            chat_id: &'a str,
        }
        self.tell(Call::post("/v2/bot/chat/loading/start").json(&Loading {
            chat_id: chat.as_str(),
        })?)
        .await
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn leave_group(&self, group: &GroupId) -> Outcome<()> {
        self.tell(Call::post("/v2/bot/group/{groupId}/leave").param(group.as_str()))
            .await
    }

    /// Leaves a room.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn leave_room(&self, room: &RoomId) -> Outcome<()> {
        self.tell(Call::post("/v2/bot/room/{roomId}/leave").param(room.as_str()))
            .await
    }

    /// Where LINE posts events; refused with 404 when nothing is set.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn webhook_endpoint(&self) -> Outcome<WebhookEndpoint> {
        self.ask(Call::get("/v2/bot/channel/webhook/endpoint"))
            .await
    }

    /// Has LINE post events to `endpoint` (https, ≤ 500 characters), within a minute.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn set_webhook_endpoint(&self, endpoint: &str) -> Outcome<()> {
        let body = Endpoint {
            endpoint: Some(endpoint),
        };
        self.tell(Call::put("/v2/bot/channel/webhook/endpoint").json(&body)?)
            .await
    }

    /// Has LINE call the webhook now, or another address in its place. 60 times an hour at most.
    ///
    /// # Errors
    /// [`Failure`](super::Failure); a webhook that fails is no failure of this call.
    pub async fn test_webhook_endpoint(&self, endpoint: Option<&str>) -> Outcome<WebhookTest> {
        self.ask(Call::post("/v2/bot/channel/webhook/test").json(&Endpoint { endpoint })?)
            .await
    }
}
