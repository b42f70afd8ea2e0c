//! What each kind of event says.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Received, lenient};

/// An event's own contents, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// Somebody sent a message.
    Message(Received),
    /// Somebody edited a text they had sent (groups only, for now).
    MessageEdited(Received),
    /// Somebody took a message back: our copy of it must go.
    Unsend {
        /// The message's id.
        message_id: String,
    },
    /// Somebody added the account, or unblocked it.
    Follow(Follow),
    /// Somebody blocked the account.
    Unfollow,
    /// The account was brought into a group or room.
    Join,
    /// The account was removed from a group or room.
    Leave,
    /// Others came into a group or room.
    MemberJoined,
    /// Others left a group or room.
    MemberLeft,
    /// Somebody tapped a postback, date-picker or menu-switch action.
    Postback(Postback),
    /// Somebody watched a video to its end.
    VideoPlayComplete(VideoPlayComplete),
    /// Somebody came near a LINE Beacon.
    Beacon(Beacon),
    /// Somebody tied their LINE account to one of ours.
    AccountLink(AccountLink),
    /// A paid membership began, ended or was renewed.
    Membership(Membership),
    /// A module channel was attached or detached.
    Module,
    /// This module channel got the conversation.
    Activated(Activated),
    /// This module channel lost the conversation.
    Deactivated,
    /// The account was suspended.
    BotSuspended,
    /// The account was resumed.
    BotResumed,
    /// A notification by telephone number arrived.
    Delivery,
    /// A kind we do not know, or a known one whose shape we cannot use: keep the raw event, do nothing.
    Unknown {
        /// `type` as sent.
        kind: String,
        /// For a known kind, what is wrong with it.
        reason: Option<String>,
    },
}

/// `follow`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Follow {
    /// Whether the person had blocked us before; LINE calls it not always accurate, and may leave it out.
    #[serde(default, deserialize_with = "lenient")]
    pub is_unblocked: Option<bool>,
}

/// `postback`. Anybody can forge one with a modified app: never trust `data`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Postback {
    /// As given to the action, at most 300 characters.
    pub data: String,
    #[serde(default, deserialize_with = "lenient")]
    params: Option<PostbackParams>,
}

impl Postback {
    /// What the picker or the menu switch added; all empty for a plain postback.
    pub fn params(&self) -> PostbackParams {
        self.params.clone().unwrap_or_default()
    }
}

/// `postback.params`. Picked dates and times have no zone; this product reads them as Japan's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", from = "WireParams")]
pub struct PostbackParams {
    /// Picked in mode `date`.
    pub date: Option<NaiveDate>,
    /// Picked in mode `time`.
    pub time: Option<NaiveTime>,
    /// Picked in mode `datetime`.
    pub datetime: Option<NaiveDateTime>,
    /// The menu that was switched to.
    pub new_rich_menu_alias_id: Option<String>,
    /// How the menu switch went.
    pub status: Option<RichMenuSwitch>,
}

/// How a rich-menu switch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum RichMenuSwitch {
    /// The other menu is shown.
    #[serde(rename = "SUCCESS")]
    Success,
    /// No such alias.
    #[serde(rename = "RICHMENU_ALIAS_ID_NOTFOUND")]
    AliasNotFound,
    /// The alias points to no menu.
    #[serde(rename = "RICHMENU_NOTFOUND")]
    MenuNotFound,
    /// Anything else.
    #[serde(other)]
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireParams {
    #[serde(default, deserialize_with = "lenient")]
    date: Option<NaiveDate>,
    #[serde(default, deserialize_with = "lenient")]
    time: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    datetime: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    new_rich_menu_alias_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    status: Option<RichMenuSwitch>,
}

impl From<WireParams> for PostbackParams {
    fn from(wire: WireParams) -> Self {
        // LINE leaves the seconds out, which serde's forms for times demand.
        let time = |text: String| NaiveTime::parse_from_str(&text, "%H:%M").ok();
        let datetime = |text: String| NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").ok();
        Self {
            date: wire.date,
            time: wire.time.and_then(time),
            datetime: wire.datetime.and_then(datetime),
            new_rich_menu_alias_id: wire.new_rich_menu_alias_id,
            status: wire.status,
        }
    }
}

/// `videoPlayComplete`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoPlayComplete {
    /// As given to the video message.
    pub tracking_id: String,
}

/// `beacon`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Beacon {
    /// Hardware id.
    pub hwid: String,
    /// `enter`, `banner`, `stay`, or something new.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    /// Device message, in hexadecimal.
    #[serde(default, deserialize_with = "lenient")]
    pub dm: Option<String>,
}

/// `link`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountLink {
    /// Whether it worked.
    pub result: LinkResult,
    /// The nonce we made for this attempt.
    pub nonce: String,
}

/// How an account link ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkResult {
    /// The accounts are linked.
    Ok,
    /// They are not, whatever LINE calls the reason.
    #[serde(other)]
    Failed,
}

/// `membership`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// `joined`, `left`, `renewed`, or something new.
    #[serde(rename = "type")]
    pub kind: String,
    /// The plan.
    #[serde(default, deserialize_with = "lenient")]
    pub membership_id: Option<i64>,
}

/// `chatControl`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activated {
    /// When control ends, in milliseconds since 1970 UTC.
    #[serde(default, rename = "expireAt", deserialize_with = "lenient")]
    pub expire_at_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unsend {
    message_id: String,
}

impl Payload {
    pub(super) fn parse(kind: &str, raw: &str) -> Self {
        let parsed = match kind {
            "message" => part(raw, "message").map(Self::Message),
            "messageEdited" => part(raw, "message").map(Self::MessageEdited),
            "unsend" => {
                part(raw, "unsend").map(|Unsend { message_id }| Self::Unsend { message_id })
            }
            // Some official examples leave `follow` out, and coming matters more than how.
            "follow" => Ok(Self::Follow(part(raw, "follow").unwrap_or_default())),
            "unfollow" => Ok(Self::Unfollow),
            "join" => Ok(Self::Join),
            "leave" => Ok(Self::Leave),
            "memberJoined" => Ok(Self::MemberJoined),
            "memberLeft" => Ok(Self::MemberLeft),
            "postback" => part(raw, "postback").map(Self::Postback),
            "videoPlayComplete" => part(raw, "videoPlayComplete").map(Self::VideoPlayComplete),
            "beacon" => part(raw, "beacon").map(Self::Beacon),
            "accountLink" => part(raw, "link").map(Self::AccountLink),
            "membership" => part(raw, "membership").map(Self::Membership),
            "module" => Ok(Self::Module),
            "activated" => Ok(Self::Activated(
                part(raw, "chatControl").unwrap_or_default(),
            )),
            "deactivated" => Ok(Self::Deactivated),
            "botSuspended" => Ok(Self::BotSuspended),
            "botResumed" => Ok(Self::BotResumed),
            "delivery" => Ok(Self::Delivery),
            _ => {
                return Self::Unknown {
                    kind: kind.to_owned(),
                    reason: None,
                };
            }
        };
        parsed.unwrap_or_else(|reason| Self::Unknown {
            kind: kind.to_owned(),
            reason: Some(reason),
        })
    }
}

/// Reads one property of the event.
fn part<T: DeserializeOwned>(raw: &str, key: &str) -> Result<T, String> {
    let mut event: serde_json::Value =
        serde_json::from_str(raw).map_err(|error| error.to_string())?;
    let value = event
        .get_mut(key)
        .map(serde_json::Value::take)
        .ok_or_else(|| format!("{key} is missing"))?;
    serde_json::from_value(value).map_err(|error| format!("{key}: {}", without_values(&error)))
}

/// serde quotes the value it could not use, and the value may be a resident's words.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => text,
    }
}
