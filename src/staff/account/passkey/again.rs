//! Evidence verified once more: whether what is kept as signed was signed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

use super::{Assertion, store, unexpected};
use crate::db::{DbError, Tx};
use crate::staff::account::{AccountError, Accounts, Act, ceremony};

impl Assertion {
    /// What [`Assertion::evidence`] kept.
    fn kept(evidence: &str) -> Result<Self, AccountError> {
        let kept: Value = serde_json::from_str(evidence).map_err(unexpected)?;
        let id = &kept["credentialId"];
        let answer = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": {
                "clientDataJSON": kept["clientDataJSON"],
                "authenticatorData": kept["authenticatorData"],
                "signature": kept["signature"],
            },
        });
        Self::parse(&answer.to_string())
    }
}

impl Accounts {
    /// Verifies anew that `act` was confirmed under that name ([`Confirmed::evidence`]), and gives by which passkey;
    /// none if it was not. What was asked opens only by the data key, and what answers it is signed by a passkey that
    /// is or was the person's: whoever only writes to the database makes no such row. Whether key and account still
    /// count is asked apart ([`still_counts`]).
    ///
    /// [`Confirmed::evidence`]: crate::staff::account::Confirmed::evidence
    /// [`still_counts`]: crate::staff::account::still_counts
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn stands(&self, tx: &Tx, name: &str, act: &Act) -> Result<Option<Uuid>, DbError> {
        match self.signed_by(tx, name, act).await {
            Ok(passkey) => Ok(passkey),
            Err(AccountError::Db(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    async fn signed_by(
        &self,
        tx: &Tx,
        name: &str,
        act: &Act,
    ) -> Result<Option<Uuid>, AccountError> {
        let answered = ceremony::answered(tx, self.seal(), name).await?;
        let Some((asked, evidence)) = answered else {
            return Ok(None);
        };
        let bound = asked.bound.as_ref();
        let bound = bound.map(|(act, digest)| (act.as_str(), digest.as_str()));
        let assertion = Assertion::kept(&evidence)?;
        let id = URL_SAFE_NO_PAD.encode(&assertion.0.raw_id);
        let key = store::ever_by_credential(tx.conn(), &id).await?;
        let theirs = key.filter(|key| key.person == act.person);
        let Some(key) = theirs.filter(|_| {
            asked.person == Some(act.person) && bound == Some((act.act, act.digest.as_str()))
        }) else {
            return Ok(None);
        };
        let mut credential = self.opened(&key)?;
        // The counter was compared when the answer came, and has gone on since.
        credential["cred"]["counter"] = json!(0);
        let credential: Passkey = serde_json::from_value(credential).map_err(unexpected)?;
        self.answers(&asked, &assertion, &credential)?;
        Ok(Some(key.row.id))
    }
}
