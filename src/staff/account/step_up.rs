//! Step-up (本人再確認): one person confirms one act on one digest with a passkey, once, within two minutes.
//!
//! EMERGENCY rules: the assertion is bound to actor, act and digest by the ceremony it answers; it counts
//! once; key and account are checked again when it comes; what was signed is kept. The audit chain has the
//! challenge before the browser does.

use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::ceremony::{self, Purpose};
use super::passkey::{self, Assertion, PasskeyChallenge};
use super::{AccountError, Accounts, Token};
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::PersonId;
use crate::text::hex;

/// An assertion is never older.
const LIFETIME: TimeDelta = TimeDelta::seconds(120);

/// What is to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub person: PersonId,
    /// Does what: `module.verb`, as in the audit record.
    pub act: &'static str,
    /// On exactly what: SHA-256 of it, lower-case hexadecimal.
    pub digest: String,
}

/// A challenge on its way to the person.
pub type Issued = PasskeyChallenge;

/// Proof that a person confirmed an act. Only [`Accounts::confirm`] makes one; it is no `Clone`, and the verb
/// that demands it consumes it.
#[derive(Debug)]
pub struct Confirmed {
    accounts: Box<Accounts>,
    act: Act,
    passkey: Uuid,
    at: Instant,
    usable_for_emergency_from: Instant,
    evidence: String,
}

impl Confirmed {
    /// Who took it: they can verify anew what others confirmed before ([`Accounts::stands`]).
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Who confirmed.
    pub fn person(&self) -> PersonId {
        self.act.person
    }

    /// What they confirmed.
    pub fn act(&self) -> &'static str {
        self.act.act
    }

    /// On exactly what.
    pub fn digest(&self) -> &str {
        &self.act.digest
    }

    /// By which passkey.
    pub fn passkey(&self) -> Uuid {
        self.passkey
    }

    /// When.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// Under which name what was signed is kept: [`Accounts::evidence`].
    pub fn evidence(&self) -> &str {
        &self.evidence
    }

    /// Whether the passkey is old enough to confirm an emergency.
    pub fn counts_in_emergency(&self) -> bool {
        self.usable_for_emergency_from <= self.at
    }
}

impl Accounts {
    /// Asks `act.person` to confirm.
    ///
    /// # Errors
    /// [`AccountError::NoPasskey`]: they have none.
    pub async fn issue(&self, now: Instant, act: &Act) -> Result<Issued, AccountError> {
        let tx = self.db().begin().await?;
        if passkey::store::active(tx.conn(), act.person)
            .await?
            .is_empty()
        {
            return Err(AccountError::NoPasskey);
        }
        let bound = Some((act.act, act.digest.as_str()));
        let person = Some(act.person);
        let issued = self
            .ask(&tx, now, Purpose::StepUp, person, bound, LIFETIME)
            .await?;
        let detail = json!({
            "act": act.act,
            "digest": act.digest,
            "challenge": issued.options["publicKey"]["challenge"],
        });
        on_record(&tx, now, "stepup.issued", act.person, &issued.token, detail).await?;
        tx.commit().await?;
        Ok(issued)
    }

    /// Takes the answer for exactly `act`, as the server knows it now, not as the browser says.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: answered before, or too old. [`AccountError::Refused`]: asked for another act,
    /// digest or person, or not signed by an active passkey of theirs.
    pub async fn confirm(
        &self,
        now: Instant,
        act: Act,
        token: &Token,
        assertion: &Assertion,
    ) -> Result<Confirmed, AccountError> {
        let begun = ceremony::end(self.db(), self.seal(), now, token, Purpose::StepUp).await?;
        let asked = begun.bound.as_ref();
        if begun.person != Some(act.person)
            || asked.is_none_or(|(kind, digest)| *kind != act.act || *digest != act.digest)
        {
            return Err(AccountError::Refused);
        }
        let tx = self.db().begin().await?;
        let signed = self.verify(&tx, now, &begun, assertion).await?;
        let evidence = assertion.evidence().to_string();
        let detail = json!({
            "act": act.act,
            "digest": act.digest,
            "passkey": signed.passkey,
            "evidence": hex(&Sha256::digest(&evidence)),
        });
        ceremony::store::keep_evidence(tx.conn(), token, evidence).await?;
        on_record(&tx, now, "stepup.confirmed", act.person, token, detail).await?;
        tx.commit().await?;
        Ok(Confirmed {
            accounts: Box::new(self.clone()),
            act,
            passkey: signed.passkey,
            at: now,
            usable_for_emergency_from: signed.usable_for_emergency_from,
            evidence: token.digest(),
        })
    }

    /// What was signed in a confirmation, as JSON: credential id, client data, authenticator data and
    /// signature, in base64url.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn evidence(&self, name: &str) -> Result<Option<String>, AccountError> {
        Ok(ceremony::store::evidence(self.db().conn(), name).await?)
    }
}

async fn on_record(
    tx: &Tx,
    now: Instant,
    what: &'static str,
    person: PersonId,
    token: &Token,
    detail: Value,
) -> Result<(), AccountError> {
    let actor = Actor::Person(person, None);
    let entry = Entry::of(actor, what, ("stepup", token.digest())).with(detail);
    Ok(audit::record(tx, now, entry).await?)
}
