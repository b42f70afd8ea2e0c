//! The secret that a session's forms carry, so that nobody else's page can send them.

use crate::text::hex;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The name of the hidden field.
pub const FIELD: &str = "token";
/// The header that htmx sends it in.
pub const HEADER: &str = "X-Kairan-Token";

/// What a session's forms carry. It is derived from the session's key, which only the browser and we
/// know, so nothing needs to be stored.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token of the session with this key.
    pub fn of(session_key: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"kairan form token\0");
        digest.update(session_key.as_bytes());
        Self(hex(&digest.finalize()))
    }

    /// Whether `given` is this token; takes as long for a near miss as for a far one.
    pub fn is(&self, given: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(given.as_bytes()))
    }

    /// For the hidden field. Everyone else has no use for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The token in the body of a form: the field anywhere in an `application/x-www-form-urlencoded` one,
/// the first part of a `multipart/form-data` one, where `form::open` puts it.
pub fn in_body(content_type: &str, body: &[u8]) -> Option<String> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return url::form_urlencoded::parse(body)
            .find(|(name, _)| name == FIELD)
            .map(|(_, value)| value.into_owned());
    }
    let start = body.get(..body.len().min(1024))?;
    let text = String::from_utf8_lossy(start);
    let (head, rest) = text.split_once("\r\n\r\n")?;
    head.contains(&format!("name=\"{FIELD}\""))
        .then(|| rest.split("\r\n").next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_session() {
        let token = Token::of("key");
        assert!(token.is(Token::of("key").reveal()));
        assert!(!token.is(Token::of("kez").reveal()));
        assert!(!token.is(""));
        assert!(!Token::default().is(""));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn it_is_found_in_both_kinds_of_form() {
        let plain = "application/x-www-form-urlencoded; charset=utf-8";
        assert_eq!(in_body(plain, b"a=1&token=t%31&b=2").as_deref(), Some("t1"));
        assert_eq!(in_body(plain, b"a=1"), None);
        let body = "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nt1\r\n--x\r\n";
        let parts = "multipart/form-data; boundary=x";
        assert_eq!(in_body(parts, body.as_bytes()).as_deref(), Some("t1"));
        let other = body.replace("token", "other");
        assert_eq!(in_body(parts, other.as_bytes()), None);
        assert_eq!(in_body("text/plain", b""), None);
    }
}
