//! A passkey without a browser: ES256, attestation `none`
//! ([WebAuthn Level 3, §6](https://www.w3.org/TR/webauthn-3/#sctn-authenticator-model)), and its browser's honesty.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const NEW_CREDENTIAL: u8 = 0x40;

/// A phone or a security key, with one credential. Its fields may be set to lie.
#[derive(Clone, Debug)]
pub struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    user: Vec<u8>,
    counter: u32,
    /// Whether it counts its signatures; synchronised passkeys always say zero.
    pub counts: bool,
    /// Where its browser is.
    pub origin: String,
    /// Whether it asked for a finger or a PIN.
    pub verifies_user: bool,
}

impl Authenticator {
    /// A new one, in a browser that shows pages of `origin`. None if there is no chance to be had.
    pub fn new(origin: &str) -> Option<Self> {
        let chance: [Uuid; 4] = std::array::from_fn(|_| Uuid::new_v4());
        let bytes = chance.map(Uuid::into_bytes).concat();
        let (id, key) = bytes.split_at(32);
        Some(Self {
            key: SigningKey::from_slice(&Sha256::digest(key)).ok()?,
            id: id.to_vec(),
            user: Vec::new(),
            counter: 0,
            counts: true,
            origin: origin.to_owned(),
            verifies_user: true,
        })
    }

    /// `navigator.credentials.create(options)`, as a page sends it. None where these are no such options.
    pub fn created(&mut self, options: &Value) -> Option<String> {
        let asked = &options["publicKey"];
        self.user = BASE64.decode(asked["user"]["id"].as_str()?).ok()?;
        let mut data = self.data(asked["rp"]["id"].as_str()?, NEW_CREDENTIAL);
        data.extend([0; 16]); // AAGUID: none of anybody's business
        data.extend(u16::try_from(self.id.len()).ok()?.to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key()?);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        object.extend(data);
        let answer = json!({
            "id": BASE64.encode(&self.id),
            "rawId": BASE64.encode(&self.id),
            "type": "public-key",
            "response": {
                "attestationObject": BASE64.encode(object),
                "clientDataJSON": BASE64.encode(self.client_data("webauthn.create", asked)),
            },
            "clientExtensionResults": {},
        });
        Some(answer.to_string())
    }

    /// `navigator.credentials.get(options)`, as a page sends it. None where these are no such options.
    pub fn signed(&mut self, options: &Value) -> Option<String> {
        if self.counts {
            self.counter += 1;
        }
        let asked = &options["publicKey"];
        let data = self.data(asked["rpId"].as_str()?, 0);
        let client_data = self.client_data("webauthn.get", asked);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        let answer = json!({
            "id": BASE64.encode(&self.id),
            "rawId": BASE64.encode(&self.id),
            "type": "public-key",
            "response": {
                "authenticatorData": BASE64.encode(data),
                "clientDataJSON": BASE64.encode(client_data),
                "signature": BASE64.encode(signature.to_der().as_bytes()),
                "userHandle": BASE64.encode(&self.user),
            },
            "clientExtensionResults": {},
        });
        Some(answer.to_string())
    }

    /// Authenticator data, §6.1.
    fn data(&self, site: &str, more: u8) -> Vec<u8> {
        let verified = if self.verifies_user { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(site).to_vec();
        data.push(USER_PRESENT | verified | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
    fn public_key(&self) -> Option<Vec<u8>> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(point.x()?);
        key.extend(b"\x22\x58\x20");
        key.extend(point.y()?);
        Some(key)
    }

    fn client_data(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}
