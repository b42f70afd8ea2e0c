//! What a notification says, so that only the device reads it: Message Encryption for Web Push (RFC 8291), in one
//! record of the encoding aes128gcm (RFC 8188).

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

use super::vapid;
use crate::seal::NoRandomness;

const SALT: usize = 16;
/// The size of a record; ours is the only one.
const RECORD: u32 = 4096;

/// Why nothing was encrypted.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotEncrypted {
    /// What the browser gave as its key is none.
    #[error("the device's key is no point of P-256")]
    Key,
    /// The system has no randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// `text` for the device whose public key is `device` and whose secret is `auth`.
pub(super) fn encrypted(
    device: &[u8; 65],
    auth: &[u8; 16],
    text: &[u8],
) -> Result<Vec<u8>, NotEncrypted> {
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt)?;
    under(device, auth, text, &vapid::random()?, &salt).ok_or(NotEncrypted::Key)
}

/// The same under a key of our own and a salt.
fn under(
    device: &[u8; 65],
    auth: &[u8; 16],
    text: &[u8],
    own: &SecretKey,
    salt: &[u8; SALT],
) -> Option<Vec<u8>> {
    let theirs = PublicKey::from_sec1_bytes(device).ok()?;
    let ours = vapid::point(&own.public_key());
    let shared = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let info = [b"WebPush: info\0", device.as_slice(), &ours].concat();
    let ikm: [u8; 32] = derived(auth, shared.raw_secret_bytes(), &info)?;
    let key: [u8; 16] = derived(salt, &ikm, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derived(salt, &ikm, b"Content-Encoding: nonce\0")?;
    // The last record ends with this.
    let text = [text, &[2]].concat();
    let cipher = Aes128Gcm::new_from_slice(&key).ok()?;
    let sealed = cipher.encrypt(&Nonce::from(nonce), text.as_slice()).ok()?;
    let length = u8::try_from(ours.len()).ok()?;
    Some([salt, &RECORD.to_be_bytes()[..], &[length], &ours, &sealed].concat())
}

fn derived<const N: usize>(salt: &[u8], ikm: &[u8], info: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand(info, &mut bytes)
        .ok()?;
    Some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8291, Appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out_as_printed() {
        let own: [u8; 32] = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let device = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let own = SecretKey::from_slice(&own).unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = under(&device, &auth, text, &own, &salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_key_that_is_no_point_is_refused() {
        assert!(encrypted(&[4; 65], &[0; 16], b"x").is_err());
    }
}
