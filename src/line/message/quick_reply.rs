//! Answers offered under a message.

use serde::{Serialize, Serializer};

use super::action::{Action, Place};
use super::error::{MessageError, count};

/// Most answers a message can offer.
pub const MAX_QUICK_REPLIES: usize = 13;

/// One to thirteen answers, gone with the next message. Phones only: never the sole way to go on.
/// <https://developers.line.biz/en/docs/messaging-api/using-quick-reply/>
#[derive(Debug, Clone, PartialEq)]
pub struct QuickReplies(Vec<Action>);

impl QuickReplies {
    /// # Errors
    /// When there are none or more than 13, or a label has more than 20 units.
    pub fn new(actions: Vec<Action>) -> Result<Self, MessageError> {
        let actions = count("quickReply.items", actions, 1, MAX_QUICK_REPLIES)?;
        actions
            .iter()
            .try_for_each(|action| action.fits(Place::QuickReply))?;
        Ok(Self(actions))
    }
}

impl Serialize for QuickReplies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Items<'a> {
            items: Vec<Item<'a>>,
        }
        #[derive(Serialize)]
        struct Item<'a> {
            r#type: &'static str,
            action: &'a Action,
        }
        let items = self
            .0
            .iter()
            .map(|action| Item {
                r#type: "action",
                action,
            })
            .collect();
        Items { items }.serialize(serializer)
    }
}
