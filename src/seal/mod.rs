//! Personal data at rest, unreadable without a key that lies outside the database.
//!
//! AES-256-SIV ([RFC 5297](https://www.rfc-editor.org/rfc/rfc5297)) with the column's name as associated
//! data, so that a value copied into another column does not open. [`Seal::text`] seals the same text
//! differently each time; [`Seal::lookup`] always alike, so that a column can be UNIQUE and searched: who
//! reads the database then sees which rows are equal, and nothing more.

mod key_file;
mod store;

use std::sync::Arc;

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

pub use key_file::KeyFileError;
pub use store::{COLUMNS, NotUnsealed, Page, seal_anew, unseal};

/// Two AES-256 keys: one authenticates, one encrypts (RFC 5297 §2.2).
const KEY_BYTES: usize = 64;
const NONCE_BYTES: usize = 16;

/// Seals and opens. Clones share the keys, which never print.
#[derive(Clone)]
pub struct Seal {
    keys: Arc<Keys>,
}

/// While a key is rotated, the new one seals and both open.
struct Keys {
    sealing: Key,
    older: Vec<Key>,
}

struct Key(SecretBox<[u8; KEY_BYTES]>);

/// A sealed text that none of our keys opens for this column: it was tampered with, belongs elsewhere, or
/// was sealed by a key that is no longer in the key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{column}` does not open: sealed by another key, for another column, or altered")]
pub struct NotOpened {
    /// The column it was read from.
    pub column: &'static str,
}

/// The system has no randomness to give; nothing secret can be made.
pub type NoRandomness = getrandom::Error;

/// Why something sealed was not sealed anew.
#[derive(Debug, thiserror::Error)]
pub enum NotAnew {
    /// No key opens it.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// It cannot be sealed.
    #[error("no randomness: {0}")]
    NoRandomness(#[from] NoRandomness),
}

impl Seal {
    /// A seal of its own, whose key is nowhere else.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self::of(Key::generate()?, Vec::new()))
    }

    fn of(sealing: Key, older: Vec<Key>) -> Self {
        let keys = Keys { sealing, older };
        Self {
            keys: Arc::new(keys),
        }
    }

    /// `text` sealed for `column`, differently each time.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn text(&self, column: &'static str, text: &str) -> Result<String, NoRandomness> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)?;
        let mut sealed = nonce.to_vec();
        let headers = [column.as_bytes(), &nonce];
        sealed.extend(self.keys.sealing.seal(&headers, text));
        Ok(format!("r.{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// `text` sealed for `column`, always alike: what a searchable column holds.
    pub fn lookup(&self, column: &'static str, text: &str) -> String {
        self.keys.sealing.lookup(column, text)
    }

    /// Every form in which `text` may stand in `column`: more than one while a key is being rotated.
    pub fn lookups(&self, column: &'static str, text: &str) -> Vec<String> {
        self.keys
            .all()
            .map(|key| key.lookup(column, text))
            .collect()
    }

    /// Whether a key is being rotated: what the older one sealed must be sealed anew before it can go.
    pub fn is_rotating(&self) -> bool {
        !self.keys.older.is_empty()
    }

    /// What [`Seal::text`] or [`Seal::lookup`] sealed for `column`.
    ///
    /// # Errors
    /// It was not sealed so.
    pub fn open(&self, column: &'static str, sealed: &str) -> Result<String, NotOpened> {
        let mut opened = self.keys.all().map(|key| key.opened(column, sealed));
        opened.find_map(|text| text).ok_or(NotOpened { column })
    }

    /// A code over `text` that only who holds the key makes: HMAC-SHA256, in base64 for addresses. Codes for one
    /// `purpose` are none for another.
    pub fn sign(&self, purpose: &'static str, text: &str) -> String {
        // Takes keys of any length.
        let mac = self.keys.sealing.mac(purpose, text);
        mac.map_or_else(String::new, |mac| {
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
    }

    /// Whether [`Seal::sign`] made `code` over `text` for `purpose`, with one of our keys.
    pub fn is_signed(&self, purpose: &'static str, text: &str, code: &str) -> bool {
        let Ok(code) = URL_SAFE_NO_PAD.decode(code) else {
            return false;
        };
        let mut macs = self.keys.all().filter_map(|key| key.mac(purpose, text));
        macs.any(|mac| mac.verify_slice(&code).is_ok())
    }

    /// What an older key sealed, in the same form by the newest; nothing if the newest sealed it.
    ///
    /// # Errors
    /// No key opens it, or the system has no randomness.
    pub fn anew(&self, column: &'static str, sealed: &str) -> Result<Option<String>, NotAnew> {
        if self.keys.sealing.opened(column, sealed).is_some() {
            return Ok(None);
        }
        let text = self.open(column, sealed)?;
        Ok(Some(match sealed.starts_with("d.") {
            true => self.lookup(column, &text),
            false => self.text(column, &text)?,
        }))
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Keys {
    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.sealing).chain(&self.older)
    }
}

impl Key {
    fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    fn cipher(&self) -> Aes256Siv {
        Aes256Siv::new(self.0.expose_secret().into())
    }

    /// Under a key of its own for each purpose: HKDF-Expand of one block (RFC 5869 §2.3); ours is uniformly random.
    fn mac(&self, purpose: &str, text: &str) -> Option<Hmac<Sha256>> {
        let mut derived = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).ok()?;
        derived.update(purpose.as_bytes());
        derived.update(&[1]);
        let mut mac = Hmac::<Sha256>::new_from_slice(&derived.finalize().into_bytes()).ok()?;
        mac.update(text.as_bytes());
        Some(mac)
    }

    fn lookup(&self, column: &str, text: &str) -> String {
        let sealed = self.seal(&[column.as_bytes()], text);
        format!("d.{}", URL_SAFE_NO_PAD.encode(sealed))
    }

    fn seal(&self, headers: &[&[u8]], text: &str) -> Vec<u8> {
        // Fails for more than 126 headers only; we have two.
        let sealed = self.cipher().encrypt(headers, text.as_bytes());
        sealed.unwrap_or_default()
    }

    fn opened(&self, column: &str, sealed: &str) -> Option<String> {
        let (form, bytes) = sealed.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
        let (headers, bytes): (Vec<&[u8]>, &[u8]) = match form {
            "d" => (vec![column.as_bytes()], &bytes),
            "r" => {
                let (nonce, bytes) = bytes.split_at_checked(NONCE_BYTES)?;
                (vec![column.as_bytes(), nonce], bytes)
            }
            _ => return None,
        };
        let text = self.cipher().decrypt(headers, bytes).ok()?;
        String::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5297's own vectors have AES-128 keys; this holds the form we store: it must never change.
    #[test]
    fn a_value_sealed_today_opens_tomorrow() {
        let mut bytes = [0; KEY_BYTES];
        for (at, byte) in (0u8..).zip(&mut bytes) {
            *byte = at;
        }
        let seal = Seal::of(Key(SecretBox::new(Box::new(bytes))), Vec::new());
        let sealed = seal.lookup("person.mail", "hanako@city.example.jp");
        assert_eq!(
            sealed,
            "d.V_kPAURVWBE2x-Ae7xTN2QVzdtW2dA4BlwI85KuguzyP5BkL7fI"
        );
        let opened = seal.open("person.mail", &sealed);
        assert_eq!(opened.as_deref(), Ok("hanako@city.example.jp"));
    }

    #[test]
    fn equal_texts_look_alike_only_where_they_are_looked_up() {
        let seal = Seal::generate().unwrap_or_else(|e| panic!("{e}"));
        let text = || seal.text("person.name", "花子").unwrap_or_default();
        let (first, second) = (text(), text());
        assert_ne!(first, second);
        assert_eq!(seal.open("person.name", &first).as_deref(), Ok("花子"));
        assert_eq!(seal.open("person.name", &second).as_deref(), Ok("花子"));
        assert_eq!(
            seal.lookup("person.mail", "a"),
            seal.lookup("person.mail", "a")
        );
        assert_ne!(
            seal.lookup("person.mail", "a"),
            seal.lookup("person.name", "a")
        );
    }

    /// What was written down years ago is still compared: this form must never change either.
    #[test]
    fn a_code_holds_for_its_text_purpose_and_key_alone() {
        let seal = Seal::of(Key(SecretBox::new(Box::new([7; KEY_BYTES]))), Vec::new());
        let code = seal.sign("a/1", "1234");
        assert_eq!(code, "8bXp3ORFmmXztMZNhGN1cT4LnF2lQHBDWyAneDQ1S6M");
        assert!(seal.is_signed("a/1", "1234", &code));
        assert!(!seal.is_signed("b/1", "1234", &code));
        assert!(!seal.is_signed("a/1", "1235", &code));
        assert!(!seal.is_signed("a/1", "1234", ""));
        let other = Seal::generate().unwrap_or_else(|e| panic!("{e}"));
        assert!(!other.is_signed("a/1", "1234", &code));
    }

    #[test]
    fn what_was_moved_altered_or_never_sealed_does_not_open() {
        let seal = Seal::generate().unwrap_or_else(|e| panic!("{e}"));
        let other = Seal::generate().unwrap_or_else(|e| panic!("{e}"));
        let refused = Err(NotOpened { column: "b" });
        for sealed in [
            seal.text("b", "花子").unwrap_or_default(),
            seal.lookup("b", "花子"),
        ] {
            assert!(seal.open("a", &sealed).is_err());
            assert_eq!(other.open("b", &sealed), refused);
            // The last character may carry unused bits: alter the one before it.
            let at = sealed.len() - 2;
            let letter = if sealed.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            let mut altered = sealed.clone();
            altered.replace_range(at..=at, letter);
            assert_eq!(seal.open("b", &altered), refused);
        }
        for never in ["", "花子", "r.", "d.", "r.AAAA", "x.AAAA"] {
            assert_eq!(seal.open("b", never), refused, "{never}");
        }
    }

    #[test]
    fn while_a_key_is_rotated_the_new_seals_and_both_open() {
        let make = || Key::generate().unwrap_or_else(|e| panic!("{e}"));
        let copy = |key: &Key| Key(SecretBox::new(Box::new(*key.0.expose_secret())));
        let (new, old) = (make(), make());
        let before = Seal::of(copy(&old), Vec::new());
        let while_rotating = Seal::of(new, vec![old]);
        let sealed = before.lookup("a", "花子");
        assert_eq!(while_rotating.open("a", &sealed).as_deref(), Ok("花子"));
        assert!(while_rotating.lookups("a", "花子").contains(&sealed));
        assert_ne!(while_rotating.lookup("a", "花子"), sealed);
        let anew = |sealed: &str| {
            while_rotating
                .anew("a", sealed)
                .unwrap_or_else(|e| panic!("{e}"))
        };
        assert_eq!(anew(&sealed), Some(while_rotating.lookup("a", "花子")));
        let shown = before.text("a", "花子").unwrap_or_default();
        let shown = anew(&shown).unwrap_or_default();
        assert!(shown.starts_with("r.") && before.open("a", &shown).is_err());
        assert_eq!(anew(&shown), None, "the newest key sealed it");
        assert!(while_rotating.anew("a", "花子").is_err());
        assert!(while_rotating.is_signed("a/1", "花子", &before.sign("a/1", "花子")));
        assert!(!format!("{while_rotating:?}").contains("SecretBox"));
    }
}
