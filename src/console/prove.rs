//! The page that asks somebody to prove themselves: with a passkey, or where they have none, a password.
//!
//! A form that needs a proof is first sent without one; the answer is this page, which sends the same form
//! again with the proof in it. So nothing is begun by looking at a page, and each deed keeps one path.

use actix_web::HttpResponse;
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use crate::staff::account::{AccountError, Assertion, PasskeyChallenge, Registration, Token};
use crate::web::{Frame, Page};

/// What a form brings as proof; none of it the first time.
#[derive(Debug, Default, Deserialize)]
pub struct Given {
    ceremony: Option<String>,
    answer: Option<String>,
    /// The password, where that is asked for.
    pub password: Option<SecretString>,
}

impl Given {
    fn answer(&self) -> Option<(Token, &str)> {
        let answer = self.answer.as_deref().filter(|answer| !answer.is_empty());
        Some((Token::given(self.ceremony.as_deref()?), answer?))
    }

    /// What a passkey signed, and the ceremony it ends.
    pub fn assertion(&self) -> Option<Result<(Token, Assertion), AccountError>> {
        let (token, answer) = self.answer()?;
        Some(Assertion::parse(answer).map(|assertion| (token, assertion)))
    }

    /// A new passkey, and the ceremony it ends.
    pub fn registration(&self) -> Option<Result<(Token, Registration), AccountError>> {
        let (token, answer) = self.answer()?;
        Some(Registration::parse(answer).map(|registration| (token, registration)))
    }
}

/// By what it is to be proven.
#[derive(Debug)]
pub enum Way {
    /// A passkey signs (`get`) or is made (`create`).
    Passkey {
        /// What the script does with the options.
        kind: &'static str,
        /// What the browser is asked, as JSON.
        options: String,
        /// The ceremony that the answer ends.
        ceremony: String,
    },
    /// A password.
    Password,
    /// They have neither.
    Nothing,
}

impl Way {
    /// Asks for a signature.
    pub fn sign(challenge: &PasskeyChallenge) -> Self {
        Self::passkey("get", challenge)
    }

    /// Asks for a new passkey.
    pub fn create(challenge: &PasskeyChallenge) -> Self {
        Self::passkey("create", challenge)
    }

    fn passkey(kind: &'static str, challenge: &PasskeyChallenge) -> Self {
        Self::Passkey {
            kind,
            options: challenge.options.to_string(),
            ceremony: challenge.token.reveal().to_owned(),
        }
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "prove.html")]
pub struct Prove {
    /// Around it; its title is the deed's.
    pub frame: Frame,
    /// What this is about, in a sentence.
    pub lead: String,
    /// What was wrong with the last proof; may be empty.
    pub fault: String,
    /// It was all read on the page before: the browser asks for the passkey without waiting for the button.
    pub at_once: bool,
    /// What is about to be done, name by name.
    pub facts: Vec<(String, String)>,
    /// By what.
    pub way: Way,
    /// What the button says.
    pub deed: String,
    /// Where the form goes, again.
    pub action: String,
    /// What the form brought besides the proof.
    pub fields: Vec<(String, String)>,
    /// Where not doing it leads.
    pub back: String,
}

impl Prove {
    /// The page as an answer.
    pub fn page(self) -> HttpResponse {
        Page(self).with(HttpResponse::Ok())
    }
}
