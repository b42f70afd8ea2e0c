//! The page between a wish and a deed.

use askama::Template;

use super::frame::Frame;

/// Asks once more before something is done, showing what it comes to. It sends `fields` to `action`.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// Around it.
    pub frame: Frame,
    /// 「この内容で登録しますか。」
    pub question: String,
    /// What is about to be done, name by name.
    pub facts: Vec<(String, String)>,
    /// What it will come to, for whom.
    pub outcome: Vec<String>,
    /// It takes something away: the button is red.
    pub danger: bool,
    /// What the button says.
    pub deed: String,
    /// Where the deed is done.
    pub action: String,
    /// What is sent along.
    pub fields: Vec<(String, String)>,
    /// Where not doing it leads.
    pub back: String,
}
