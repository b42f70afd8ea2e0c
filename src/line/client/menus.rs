//! Rich menus: made, given a picture, shown to everybody or to some, replaced, removed.
//!
//! <https://developers.line.biz/en/docs/messaging-api/using-rich-menus/>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Call;
use super::{Accepted, Client, Failure, Outcome, Recipients};
use crate::line::UserId;
use crate::line::message::{MessageError, count};
use crate::line::rich_menu::{AliasId, RichMenu, RichMenuId, Size};

/// Largest picture of a menu, in bytes.
pub const MAX_IMAGE_BYTES: usize = 1024 * 1024;
const MAX_OPERATIONS: usize = 1000;
const MAX_RESUME_KEY: usize = 100;

/// A menu as LINE holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedMenu {
    /// LINE's id.
    pub rich_menu_id: RichMenuId,
    /// Size of the picture.
    pub size: Size,
    /// Whether it opens at once.
    pub selected: bool,
    /// Our name for it.
    pub name: String,
    /// The text of the bar.
    pub chat_bar_text: String,
    /// The areas, as LINE wrote them.
    pub areas: Value,
}

/// A JPEG or PNG of at most 1 MB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuImage {
    content_type: &'static str,
    bytes: Vec<u8>,
}

impl MenuImage {
    /// # Errors
    /// When the bytes begin neither like a JPEG nor like a PNG, or are more than 1 MB.
    pub fn new(bytes: Vec<u8>) -> Result<Self, MessageError> {
        let content_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            "image/png"
        } else if bytes.starts_with(b"\xFF\xD8\xFF") {
            "image/jpeg"
        } else {
            return Err(MessageError::invalid(
                "image",
                "another format",
                "JPEG or PNG",
            ));
        };
        if bytes.len() > MAX_IMAGE_BYTES {
            return Err(MessageError::invalid(
                "image",
                format_args!("{} bytes", bytes.len()),
                "at most 1 MB",
            ));
        }
        Ok(Self {
            content_type,
            bytes,
        })
    }
}

/// What happens to everybody who has a menu of their own. Three batches an hour at most.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    operations: Vec<BatchOperation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_request_key: Option<ResumeKey>,
}

/// One change of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum BatchOperation {
    /// Whoever has `from` gets `to`.
    Link {
        /// The old menu.
        from: RichMenuId,
        /// The new menu.
        to: RichMenuId,
    },
    /// Whoever has `from` gets the default.
    Unlink {
        /// The old menu.
        from: RichMenuId,
    },
    /// Everybody gets the default; stands alone.
    UnlinkAll,
}

/// Makes a batch safe to repeat for 14 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ResumeKey(String);

impl ResumeKey {
    /// # Errors
    /// When the key is not 1 to 100 of `0-9`, `a-z`, `A-Z`, `_` and `-`.
    pub fn parse(key: &str) -> Result<Self, MessageError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if (1..=MAX_RESUME_KEY).contains(&key.len()) && key.bytes().all(allowed) {
            Ok(Self(key.to_owned()))
        } else {
            Err(MessageError::invalid(
                "resumeRequestKey",
                key,
                "1 to 100 of 0-9, a-z, A-Z, _ and -",
            ))
        }
    }
}

impl Batch {
    /// # Errors
    /// When there are not 1 to 1,000 operations, two begin from one menu, or others stand beside `UnlinkAll`.
    pub fn new(
        operations: Vec<BatchOperation>,
        key: Option<ResumeKey>,
    ) -> Result<Self, MessageError> {
        let operations = count("operations", operations, 1, MAX_OPERATIONS)?;
        let mut from = std::collections::HashSet::new();
        for operation in &operations {
            match operation {
                BatchOperation::UnlinkAll if operations.len() > 1 => {
                    return Err(MessageError::invalid(
                        "operations",
                        "unlinkAll",
                        "unlinkAll by itself",
                    ));
                }
                BatchOperation::UnlinkAll => {}
                BatchOperation::Link { from: menu, .. } | BatchOperation::Unlink { from: menu } => {
                    if !from.insert(menu) {
                        return Err(MessageError::invalid("from", menu, "each menu once"));
                    }
                }
            }
        }
        Ok(Self {
            operations,
            resume_request_key: key,
        })
    }
}

/// How far a batch is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchProgress {
    /// Where it stands.
    pub phase: BatchPhase,
    /// When LINE took it, in ISO 8601.
    pub accepted_time: Option<String>,
    /// When it ended, in ISO 8601.
    pub completed_time: Option<String>,
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BatchPhase {
    /// Under way.
    Ongoing,
    /// Done for everybody.
    Succeeded,
    /// Not done for somebody; perhaps done for others.
    Failed,
    /// A phase LINE added later.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Id {
    rich_menu_id: RichMenuId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rich_menu_id: Option<&'a RichMenuId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rich_menu_alias_id: Option<&'a AliasId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_ids: Option<&'a Recipients>,
}

/// All calls here end in [`Failure`] when they do not succeed.
#[allow(clippy::missing_errors_doc)]
impl Client {
    /// Makes a menu; nobody sees it before it has a picture and is shown.
    pub async fn create_rich_menu(&self, menu: &RichMenu) -> Outcome<RichMenuId> {
        let id = self
            .ask::<Id>(Call::post("/v2/bot/richmenu").json(menu)?)
            .await?;
        Ok(id.map(|id| id.rich_menu_id))
    }

    /// Asks whether LINE would take a menu.
    pub async fn validate_rich_menu(&self, menu: &RichMenu) -> Outcome<()> {
        self.tell(Call::post("/v2/bot/richmenu/validate").json(menu)?)
            .await
    }

    /// All menus made here; those made in LINE's manager are invisible.
    pub async fn list_rich_menus(&self) -> Outcome<Vec<ListedMenu>> {
        #[derive(Deserialize)]
        struct Wire {
            richmenus: Vec<ListedMenu>,
        }
        let wire = self.ask::<Wire>(Call::get("/v2/bot/richmenu/list")).await?;
        Ok(wire.map(|wire| wire.richmenus))
    }

    /// One menu; refused with 404 when there is none.
    pub async fn rich_menu(&self, id: &RichMenuId) -> Outcome<ListedMenu> {
        self.ask(Call::get("/v2/bot/richmenu/{richMenuId}").param(id.as_str()))
            .await
    }

    /// Removes a menu. Unlink people first: they keep seeing it until they open the chat again.
    pub async fn delete_rich_menu(&self, id: &RichMenuId) -> Outcome<()> {
        self.tell(Call::delete("/v2/bot/richmenu/{richMenuId}").param(id.as_str()))
            .await
    }

    /// Gives a menu its picture, once and for good.
    pub async fn upload_rich_menu_image(&self, id: &RichMenuId, image: MenuImage) -> Outcome<()> {
        let call = Call::post("/v2/bot/richmenu/{richMenuId}/content").param(id.as_str());
        self.tell(call.data(image.content_type, image.bytes)).await
    }

    /// Shows a menu to everybody without one of their own, when they next open the chat.
    pub async fn set_default_rich_menu(&self, id: &RichMenuId) -> Outcome<()> {
        self.tell(Call::post("/v2/bot/user/all/richmenu/{richMenuId}").param(id.as_str()))
            .await
    }

    /// The default menu; refused with 404 when there is none, 403 when it was set elsewhere.
    pub async fn default_rich_menu(&self) -> Outcome<RichMenuId> {
        Ok(self
            .ask::<Id>(Call::get("/v2/bot/user/all/richmenu"))
            .await?
            .map(|id| id.rich_menu_id))
    }

    /// Shows no default menu any more.
    pub async fn clear_default_rich_menu(&self) -> Outcome<()> {
        self.tell(Call::delete("/v2/bot/user/all/richmenu")).await
    }

    /// Shows a menu to one person, at once.
    pub async fn link_rich_menu(&self, user: &UserId, id: &RichMenuId) -> Outcome<()> {
        let call = Call::post("/v2/bot/user/{userId}/richmenu/{richMenuId}")
            .param(user.as_str())
            .param(id.as_str());
        self.tell(call).await
    }

    /// The menu of their own that one person has, if any.
    pub async fn rich_menu_of(&self, user: &UserId) -> Outcome<Option<RichMenuId>> {
        let call = Call::get("/v2/bot/user/{userId}/richmenu").param(user.as_str());
        match self.ask::<Id>(call).await {
            Ok(id) => Ok(id.map(|id| Some(id.rich_menu_id))),
            Err(Failure::Refused(refusal)) if refusal.status == 404 => Ok(Accepted {
                request_id: refusal.request_id,
                already: false,
                body: None,
            }),
            Err(failure) => Err(failure),
        }
    }

    /// Shows the default menu to one person again.
    pub async fn unlink_rich_menu(&self, user: &UserId) -> Outcome<()> {
        self.tell(Call::delete("/v2/bot/user/{userId}/richmenu").param(user.as_str()))
            .await
    }

    /// Shows a menu to up to 500 people, within seconds; all or none.
    pub async fn bulk_link_rich_menu(&self, users: &Recipients, id: &RichMenuId) -> Outcome<()> {
        let body = Link {
            rich_menu_id: Some(id),
            rich_menu_alias_id: None,
            user_ids: Some(users),
        };
        self.tell(Call::post("/v2/bot/richmenu/bulk/link").json(&body)?)
            .await
    }

    /// Shows the default menu to up to 500 people again, within seconds.
    pub async fn bulk_unlink_rich_menu(&self, users: &Recipients) -> Outcome<()> {
        let body = Link {
            rich_menu_id: None,
            rich_menu_alias_id: None,
            user_ids: Some(users),
        };
        self.tell(Call::post("/v2/bot/richmenu/bulk/unlink").json(&body)?)
            .await
    }

    /// Names a menu that already has its picture.
    pub async fn create_rich_menu_alias(&self, alias: &AliasId, id: &RichMenuId) -> Outcome<()> {
        let body = Link {
            rich_menu_id: Some(id),
            rich_menu_alias_id: Some(alias),
            user_ids: None,
        };
        self.tell(Call::post("/v2/bot/richmenu/alias").json(&body)?)
            .await
    }

    /// Points a name at another menu.
    pub async fn update_rich_menu_alias(&self, alias: &AliasId, id: &RichMenuId) -> Outcome<()> {
        let body = Link {
            rich_menu_id: Some(id),
            rich_menu_alias_id: None,
            user_ids: None,
        };
        self.tell(
            Call::post("/v2/bot/richmenu/alias/{richMenuAliasId}")
                .param(alias.as_str())
                .json(&body)?,
        )
        .await
    }

    /// Forgets a name.
    pub async fn delete_rich_menu_alias(&self, alias: &AliasId) -> Outcome<()> {
        self.tell(Call::delete("/v2/bot/richmenu/alias/{richMenuAliasId}").param(alias.as_str()))
            .await
    }

    /// All names and the menus they point at.
    pub async fn list_rich_menu_aliases(&self) -> Outcome<Vec<(String, RichMenuId)>> {
        #[derive(Deserialize)]
        struct Wire {
            aliases: Vec<Alias>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Alias {
            rich_menu_alias_id: String,
            rich_menu_id: RichMenuId,
        }
        let wire = self
            .ask::<Wire>(Call::get("/v2/bot/richmenu/alias/list"))
            .await?;
        Ok(wire.map(|wire| {
            wire.aliases
                .into_iter()
                .map(|a| (a.rich_menu_alias_id, a.rich_menu_id))
                .collect()
        }))
    }

    /// Changes the menus of everybody who has one of their own. The request id is the only way to ask how it went.
    pub async fn start_rich_menu_batch(&self, batch: &Batch) -> Outcome<()> {
        self.tell(Call::post("/v2/bot/richmenu/batch").json(batch)?)
            .await
    }

    /// How far the batch with this request id is; told for 14 days.
    pub async fn rich_menu_batch_progress(&self, request_id: &str) -> Outcome<BatchProgress> {
        self.ask(Call::get("/v2/bot/richmenu/progress/batch").query("requestId", request_id))
            .await
    }
}
