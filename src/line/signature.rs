//! Is this body from LINE? `x-line-signature` over the untouched bytes.
//!
//! <https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use thiserror::Error;

/// The header that carries the signature.
pub const HEADER: &str = "x-line-signature";

/// Why a body is not to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The request has no signature header. LINE's console signs even its empty "Verify" call.
    #[error("no {HEADER} header: only LINE may post here")]
    Missing,
    /// The header is not Base64.
    #[error("{HEADER} is not Base64")]
    Malformed,
    /// No configured secret made this signature.
    #[error(
        "{HEADER} does not match: check that LINE_CHANNEL_SECRET is this channel's, and that nothing rewrites the body on its way"
    )]
    Mismatch,
}

/// Passes when any of `secrets` signed `raw_body`; several are in force while one is being rotated.
///
/// The comparison takes the same time wherever a signature is wrong, and every secret is tried
/// whether or not an earlier one matched. An empty secret signs nothing.
///
/// # Errors
/// [`SignatureError`]; the body must then not be parsed at all.
pub fn verify(
    secrets: &[SecretString],
    raw_body: &[u8],
    header: Option<&str>,
) -> Result<(), SignatureError> {
    let given = STANDARD
        .decode(header.ok_or(SignatureError::Missing)?)
        .map_err(|_| SignatureError::Malformed)?;
    let matches = secrets
        .iter()
        .filter_map(|secret| mac(secret, raw_body))
        .fold(false, |matched, mac| {
            matched | mac.verify_slice(&given).is_ok()
        });
    if matches {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}

/// The signature LINE would send with `raw_body`. For tests and load tools; `None` for an empty secret.
pub fn sign(secret: &SecretString, raw_body: &[u8]) -> Option<String> {
    mac(secret, raw_body).map(|mac| STANDARD.encode(mac.finalize().into_bytes()))
}

fn mac(secret: &SecretString, raw_body: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC accepts an empty key, and then anybody can sign.
    let key = Some(secret.expose_secret()).filter(|key| !key.is_empty())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(raw_body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
    const BODY: &[u8] = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    const SIGNATURE: &str = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    fn secrets(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|text| SecretString::from(*text)).collect()
    }

    #[test]
    fn the_official_vector_passes() {
        assert_eq!(
            sign(&SecretString::from(SECRET), BODY).as_deref(),
            Some(SIGNATURE)
        );
        assert_eq!(verify(&secrets(&[SECRET]), BODY, Some(SIGNATURE)), Ok(()));
    }

    #[test]
    fn each_fault_is_told_apart() {
        let known = secrets(&[SECRET]);
        assert_eq!(verify(&known, BODY, None), Err(SignatureError::Missing));
        assert_eq!(
            verify(&known, BODY, Some("これは署名ではない")),
            Err(SignatureError::Malformed)
        );
        assert_eq!(
            verify(&known, BODY, Some("")),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            verify(&known, BODY, Some(&SIGNATURE[..40])),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            verify(&[], BODY, Some(SIGNATURE)),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn an_empty_secret_never_passes() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(BODY);
        let forged = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(
            verify(&secrets(&[""]), BODY, Some(&forged)),
            Err(SignatureError::Mismatch)
        );
    }

    proptest! {
        #[test]
        fn any_of_several_secrets_passes(
            names in prop::collection::vec("[0-9a-f]{1,32}", 1..5),
            pick in any::<prop::sample::Index>(),
            body in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let known: Vec<SecretString> = names.iter().map(|n| SecretString::from(n.as_str())).collect();
            let signature = sign(pick.get(&known), &body).unwrap();
            prop_assert_eq!(verify(&known, &body, Some(&signature)), Ok(()));
        }

        #[test]
        fn any_flipped_bit_of_the_body_fails(
            body in prop::collection::vec(any::<u8>(), 1..300), at in any::<prop::sample::Index>(), bit in 0..8u8,
        ) {
            let signature = sign(&SecretString::from(SECRET), &body).unwrap();
            let mut changed = body;
            let index = at.index(changed.len());
            changed[index] ^= 1 << bit;
            prop_assert_eq!(verify(&secrets(&[SECRET]), &changed, Some(&signature)), Err(SignatureError::Mismatch));
        }

        #[test]
        fn any_flipped_bit_of_the_signature_fails(
            body in prop::collection::vec(any::<u8>(), 0..300), at in 0..32usize, bit in 0..8u8,
        ) {
            let mut bytes = STANDARD.decode(sign(&SecretString::from(SECRET), &body).unwrap()).unwrap();
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(
                verify(&secrets(&[SECRET]), &body, Some(&STANDARD.encode(bytes))), Err(SignatureError::Mismatch)
            );
        }

        #[test]
        fn another_secret_fails(other in "[0-9a-f]{32}", body in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assume!(other != SECRET);
            let signature = sign(&SecretString::from(other), &body).unwrap();
            prop_assert_eq!(verify(&secrets(&[SECRET]), &body, Some(&signature)), Err(SignatureError::Mismatch));
        }
    }
}
