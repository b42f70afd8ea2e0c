//! The LINE Messaging API as types: what LINE sends us, what we may send, and the calls between.
//!
//! - [`signature`] and [`event`]: a signed webhook body becomes events, each parsed on its own.
//! - [`message`] and [`rich_menu`]: what we send, in types that cannot hold what LINE would refuse.
//! - [`client`]: one pooled HTTP client; each call ends accepted, refused, or honestly unknown.
//!
//! Nothing here touches a database or decides what to say. Limits and behaviour follow
//! <https://developers.line.biz/en/reference/messaging-api/>.
//!
//! ```
//! use kairan::line::message::{Action, Message, MessageError, QuickReplies};
//!
//! # fn main() -> Result<(), MessageError> {
//! let ask = Message::text("お住まいの地区を選んでください")?.quick_replies(QuickReplies::new(vec![
//!     Action::postback("本町一丁目", "v1/area/12")?.display_text("本町一丁目")?,
//!     Action::postback("市外", "v1/area/outside")?,
//! ])?);
//! # let _ = ask; Ok(()) }
//! ```

pub mod client;
pub mod event;
pub mod message;
pub mod rich_menu;
pub mod signature;
pub mod text;

mod chat_id;
mod identity;

pub use chat_id::{GroupId, InvalidChatId, RoomId, UserId};
pub use identity::{Identity, Seen};
