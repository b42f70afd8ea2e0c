//! A staff member's own LINE (自分のLINE): where test sends arrive. They ask for a code at their desk and
//! send it to the account from their own phone, so that nobody can name anybody else's LINE.

mod store;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};

use chrono::TimeDelta;

use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{PersonId, ResidentId};
use crate::seal::NoRandomness;
use crate::staff::typed;
use crate::text::hex;

/// How long a code can be sent.
pub const TTL: TimeDelta = TimeDelta::minutes(10);
/// What stands before the code, so that no resident's words are taken for one.
const BEFORE: &str = "職員";
/// Twelve letters are 60 bits: nobody guesses one in [`TTL`] by writing to the account.
const LETTERS: usize = 12;

/// A code, shown once: three groups of four.
#[derive(Debug, Clone)]
pub struct Code(SecretString);

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum NoCode {
    /// The system has no randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The database.
    #[error("the code could not be kept")]
    Db(#[from] DbError),
}

impl Code {
    fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(format!("{BEFORE} {}", typed::code(LETTERS)?).into()))
    }

    /// What the person sends to the account.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What is kept of a code; `None` if these words are none, however they were typed.
fn digest(words: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let words: String = words.nfkc().collect();
    let rest = words.trim().strip_prefix(BEFORE)?;
    let between = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '−' | 'ー' | '–');
    let letters = typed::letters(rest);
    // Any other words are somebody's question.
    let plain = rest
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || between(c));
    (plain && letters.len() == LETTERS)
        .then(|| hex(&Sha256::digest(format!("kairan-own-line/1\0{letters}"))))
}

/// Whether these words have the form of a code.
pub fn is_code(words: &str) -> bool {
    digest(words).is_some()
}

/// A code for `person`; any before it is no more.
///
/// # Errors
/// The system has no randomness, or the database does not answer.
pub async fn invite(tx: &Tx, now: Instant, person: PersonId) -> Result<Code, NoCode> {
    let code = Code::generate()?;
    let digest = digest(code.reveal()).unwrap_or_default();
    store::invite(tx.conn(), person, &digest, now + TTL).await?;
    Ok(code)
}

/// Whose code these words are, if it can still be sent.
///
/// # Errors
/// The database does not answer.
pub async fn meant(db: &Db, now: Instant, words: &str) -> Result<Option<PersonId>, DbError> {
    match digest(words) {
        Some(digest) => store::invited(db.conn(), &digest, now).await,
        None => Ok(None),
    }
}

/// That these words came from `resident`: their chat is the person's own from now on, instead of any
/// other. Uses the code up; nothing happens when it is used up already.
///
/// # Errors
/// The database does not answer.
pub async fn link(
    tx: &Tx,
    now: Instant,
    words: &str,
    resident: ResidentId,
) -> Result<Option<PersonId>, DbError> {
    let Some(digest) = digest(words) else {
        return Ok(None);
    };
    let Some(person) = store::invited(tx.conn(), &digest, now).await? else {
        return Ok(None);
    };
    store::link(tx.conn(), person, resident, now).await?;
    let by = Actor::Person(person, None);
    note(tx, now, by, "staff.own_line_linked", person).await?;
    Ok(Some(person))
}

/// The chat of `person`, if they linked it and it still is a friend of the account.
///
/// # Errors
/// The database does not answer.
pub async fn of(db: &Db, person: PersonId) -> Result<Option<ResidentId>, DbError> {
    store::of(db.conn(), person).await
}

/// Everybody who linked a chat, with it.
///
/// # Errors
/// The database does not answer.
pub async fn linked(db: &Db) -> Result<Vec<(PersonId, ResidentId)>, DbError> {
    store::linked(db.conn()).await
}

/// The same as `tx` sees them.
///
/// # Errors
/// The database does not answer.
pub async fn linked_in(tx: &Tx) -> Result<Vec<(PersonId, ResidentId)>, DbError> {
    store::linked(tx.conn()).await
}

/// Lets go of the chat of `person`, and of a code that was not sent; false when there was none of either.
///
/// # Errors
/// The database does not answer.
pub async fn unlink(tx: &Tx, now: Instant, by: &Actor, person: PersonId) -> Result<bool, DbError> {
    let gone = store::unlink(tx.conn(), person).await?;
    if gone {
        note(tx, now, by.clone(), "staff.own_line_unlinked", person).await?;
    }
    Ok(gone)
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    person: PersonId,
) -> Result<(), DbError> {
    let entry = Entry::of(by, act, ("person", person)).with(json!({}));
    audit::record(tx, now, entry).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_a_phone_types_it() {
        let shown = digest("職員 0123-ABCD-1WXY").unwrap();
        for typed in [
            "職員0123abcdlwxy",
            " 職員　ｏ123－ＡＢＣＤ－ｉｗｘｙ ",
            "職員 o123 abcd 1WXY",
        ] {
            assert_eq!(digest(typed).as_ref(), Some(&shown), "{typed}");
        }
        for other in [
            "0123-ABCD-1WXY",
            "職員 0123-ABCD",
            "職員募集について",
            "職員 0123-ABCD-1WXY です",
            "職員",
            "",
        ] {
            assert_eq!(digest(other), None, "{other}");
        }
    }

    #[test]
    fn codes_differ_and_do_not_print() {
        let codes = [Code::generate().unwrap(), Code::generate().unwrap()];
        assert_ne!(codes[0].reveal(), codes[1].reveal());
        assert!(is_code(codes[0].reveal()));
        assert!(!format!("{:?}", codes[0]).contains(&codes[0].reveal()[7..11]));
    }
}
