//! Passkeys (WebAuthn Level 3): registered with user verification, found without a name, signed with once.
//!
//! The library keeps the answerable challenge as text, and would take the same assertion again: single use
//! is [`ceremony`]'s doing. It gets today's credential from the database, not one remembered in a challenge,
//! so a key revoked meanwhile answers nothing and its counter is compared with the newest.

mod again;
mod keeping;
pub(super) mod store;

pub(in crate::staff) use keeping::passkeys_of;
pub use keeping::{rename_passkey, revoke_passkey, settle_passkey};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential,
};

use super::accounts::note;
use super::ceremony::{self, Beginning, Ceremony, Purpose};
use super::session::Method;
use super::store as accounts_store;
use super::{AccountError, Accounts, SignIn, Token};
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::PersonId;
use crate::seal::NotOpened;

/// For finding the key and touching it.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// A stolen session cannot enrol a key and shout to the whole town with it the same night.
const SETTLES_IN: TimeDelta = TimeDelta::hours(24);
const LABEL_LETTERS: usize = 40;
const COLUMN: &str = "passkey.credential";

/// What a page hands to `navigator.credentials`, and the token that brings the answer home.
#[derive(Debug)]
pub struct PasskeyChallenge {
    /// Goes into a cookie or a hidden field.
    pub token: Token,
    /// The options, as `PublicKeyCredential.parse…OptionsFromJSON` reads them, under `publicKey`.
    pub options: Value,
}

/// What `navigator.credentials.create` gave, as JSON.
#[derive(Debug, Clone)]
pub struct Registration(RegisterPublicKeyCredential);

/// What `navigator.credentials.get` gave, as JSON.
#[derive(Debug, Clone)]
pub struct Assertion(PublicKeyCredential);

/// A passkey that was just proven to exist, not yet anybody's.
#[derive(Debug)]
pub struct NewPasskey {
    person: PersonId,
    key: Passkey,
    label: String,
}

/// A passkey as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its number.
    pub id: Uuid,
    /// What its owner calls it.
    pub label: String,
    /// When it was added.
    pub enrolled_at: Instant,
    /// When it last signed.
    pub last_used_at: Option<Instant>,
    /// From when on it may confirm an emergency.
    pub usable_for_emergency_from: Instant,
}

/// A passkey that has just signed what it was asked to.
pub(super) struct Signed {
    pub person: PersonId,
    pub passkey: Uuid,
    pub usable_for_emergency_from: Instant,
}

impl NewPasskey {
    /// Whose it is to be.
    pub fn person(&self) -> PersonId {
        self.person
    }
}

impl Registration {
    /// # Errors
    /// [`AccountError::Refused`]: no browser sends this.
    pub fn parse(json: &str) -> Result<Self, AccountError> {
        parse(json).map(Self)
    }
}

impl Assertion {
    /// # Errors
    /// [`AccountError::Refused`]: no browser sends this.
    pub fn parse(json: &str) -> Result<Self, AccountError> {
        parse(json).map(Self)
    }

    /// What was signed and the signature, to be kept.
    pub(super) fn evidence(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "credentialId": text(&self.0.raw_id),
            "clientDataJSON": text(&self.0.response.client_data_json),
            "authenticatorData": text(&self.0.response.authenticator_data),
            "signature": text(&self.0.response.signature),
        })
    }
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, AccountError> {
    serde_json::from_str(json).map_err(|_| AccountError::Refused)
}

fn text(value: &impl Serialize) -> Result<String, AccountError> {
    serde_json::to_string(value).map_err(|fault| AccountError::Unexpected(fault.to_string()))
}

fn tree(value: &impl Serialize) -> Result<Value, AccountError> {
    serde_json::to_value(value).map_err(|fault| AccountError::Unexpected(fault.to_string()))
}

fn unexpected(fault: impl std::fmt::Display) -> AccountError {
    AccountError::Unexpected(format!("WebAuthn: {fault}"))
}

impl Accounts {
    /// Begins to add a passkey for `person`, who is called `account` (their number) and `name` in it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_passkey(
        &self,
        now: Instant,
        person: PersonId,
        account: &str,
        name: &str,
    ) -> Result<PasskeyChallenge, AccountError> {
        let known = store::active(self.db().conn(), person).await?;
        let known = known.iter().filter_map(|row| {
            let id = URL_SAFE_NO_PAD.decode(&row.credential_id).ok()?;
            Some(id)
        });
        let (options, state) = self
            .webauthn()
            .start_passkey_registration(person.0, account, name, Some(known.collect()))
            .map_err(unexpected)?;
        let mut options = tree(&options)?;
        // Without it a security key keeps nothing by which it could be found without a name.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        let beginning = Beginning {
            purpose: Purpose::Register,
            person: Some(person),
            bound: None,
            state: &text(&state)?,
            lifetime: LIFETIME,
        };
        let tx = self.db().begin().await?;
        let token = ceremony::begin(&tx, self.seal(), now, beginning).await?;
        tx.commit().await?;
        Ok(PasskeyChallenge { token, options })
    }

    /// Checks a new passkey. [`Accounts::add_passkey`] or an invitation makes it `person`'s.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: begin again. [`AccountError::Refused`]: not an answer to our challenge, or not
    /// by a verified user.
    pub async fn check_passkey(
        &self,
        now: Instant,
        person: PersonId,
        token: &Token,
        registration: &Registration,
        label: &str,
    ) -> Result<NewPasskey, AccountError> {
        let begun = ceremony::end(self.db(), self.seal(), now, token, Purpose::Register).await?;
        if begun.person != Some(person) {
            return Err(AccountError::Gone);
        }
        let state: PasskeyRegistration =
            serde_json::from_str(begun.state.expose_secret()).map_err(unexpected)?;
        let key = self
            .webauthn()
            .finish_passkey_registration(&registration.0, &state)
            .map_err(|_| AccountError::Refused)?;
        Ok(NewPasskey {
            person,
            key,
            label: label_of(label),
        })
    }

    /// Makes a checked passkey its person's.
    ///
    /// # Errors
    /// [`AccountError::Refused`]: the same key is enrolled already.
    pub async fn add_passkey(
        &self,
        tx: &Tx,
        now: Instant,
        new: NewPasskey,
    ) -> Result<PasskeyRow, AccountError> {
        let row = PasskeyRow {
            id: Uuid::new_v4(),
            label: new.label,
            enrolled_at: now,
            last_used_at: None,
            usable_for_emergency_from: now + SETTLES_IN,
        };
        let stored = store::Stored {
            row: row.clone(),
            person: new.person,
            credential: self.sealed(new.person, &new.key)?,
            credential_id: URL_SAFE_NO_PAD.encode(new.key.cred_id()),
        };
        if !store::add(tx.conn(), stored).await? {
            return Err(AccountError::Refused);
        }
        let detail = json!({ "passkey": row.id });
        note(tx, now, new.person, "account.passkey_added", detail).await?;
        Ok(row)
    }

    /// `person`'s passkeys, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn passkeys(&self, person: PersonId) -> Result<Vec<PasskeyRow>, AccountError> {
        Ok(passkeys_of(self.db(), person).await?)
    }

    /// Begins a sign-in by passkey: any person's, or only `person`'s.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_sign_in(
        &self,
        now: Instant,
        person: Option<PersonId>,
    ) -> Result<PasskeyChallenge, AccountError> {
        let tx = self.db().begin().await?;
        let asked = self
            .ask(&tx, now, Purpose::SignIn, person, None, LIFETIME)
            .await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Signs in by passkey. It verifies its user itself, so this is two factors in one, and it works while
    /// the password is locked.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: begin again. [`AccountError::Refused`]: not an answer to our challenge.
    pub async fn sign_in_by_passkey(
        &self,
        now: Instant,
        token: &Token,
        assertion: &Assertion,
    ) -> Result<SignIn, AccountError> {
        let begun = ceremony::end(self.db(), self.seal(), now, token, Purpose::SignIn).await?;
        let tx = self.db().begin().await?;
        let signed = self.verify(&tx, now, &begun, assertion).await?;
        tx.commit().await?;
        Ok(SignIn::proven(signed.person, Method::Passkey))
    }

    /// A challenge for `purpose`, with a ceremony in `tx` to end it.
    pub(super) async fn ask(
        &self,
        tx: &Tx,
        now: Instant,
        purpose: Purpose,
        person: Option<PersonId>,
        bound: Option<(&str, &str)>,
        lifetime: TimeDelta,
    ) -> Result<PasskeyChallenge, AccountError> {
        let (options, state) = self
            .webauthn()
            .start_discoverable_authentication()
            .map_err(unexpected)?;
        let mut options = tree(&options)?;
        // Asked for by a button, not offered in a field that is filled in.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        if let Some(person) = person {
            let keys = store::active(tx.conn(), person).await?;
            let key = |key: &store::Stored| json!({"type": "public-key", "id": key.credential_id});
            let keys: Vec<Value> = keys.iter().map(key).collect();
            options["publicKey"]["allowCredentials"] = keys.into();
        }
        options["publicKey"]["timeout"] = lifetime.num_milliseconds().into();
        let beginning = Beginning {
            purpose,
            person,
            bound,
            state: &text(&state)?,
            lifetime,
        };
        let token = ceremony::begin(tx, self.seal(), now, beginning).await?;
        Ok(PasskeyChallenge { token, options })
    }

    /// Verifies an assertion for a ceremony that has ended: by a key that is active now, of a person who is,
    /// newer than any it made before.
    pub(super) async fn verify(
        &self,
        tx: &Tx,
        now: Instant,
        begun: &Ceremony,
        assertion: &Assertion,
    ) -> Result<Signed, AccountError> {
        let id = URL_SAFE_NO_PAD.encode(&assertion.0.raw_id);
        let key = store::by_credential(tx.conn(), &id).await?;
        let key = key.ok_or(AccountError::Refused)?;
        let named = assertion.0.get_user_unique_id();
        if begun.person.is_some_and(|person| person != key.person)
            || named.is_some_and(|named| named != key.person.0.as_bytes())
            || !accounts_store::is_active(tx.conn(), key.person, now).await?
        {
            return Err(AccountError::Refused);
        }
        let mut credential: Passkey =
            serde_json::from_value(self.opened(&key)?).map_err(unexpected)?;
        let result = self.answers(begun, assertion, &credential)?;
        credential.update_credential(&result);
        let sealed = self.sealed(key.person, &credential)?;
        store::signed(tx.conn(), key.row.id, sealed, now).await?;
        Ok(Signed {
            person: key.person,
            passkey: key.row.id,
            usable_for_emergency_from: key.row.usable_for_emergency_from,
        })
    }

    /// That `credential` signed the challenge of `begun`, for this site, with its user verified.
    fn answers(
        &self,
        begun: &Ceremony,
        assertion: &Assertion,
        credential: &Passkey,
    ) -> Result<AuthenticationResult, AccountError> {
        let state: DiscoverableAuthentication =
            serde_json::from_str(begun.state.expose_secret()).map_err(unexpected)?;
        let result = self
            .webauthn()
            .finish_discoverable_authentication_v2(&assertion.0, state, credential)
            .map_err(|_| AccountError::Refused)?;
        match result.user_verified() {
            true => Ok(result),
            false => Err(AccountError::Refused),
        }
    }

    /// A key sealed as `person`'s: put into somebody else's row it does not open.
    fn sealed(&self, person: PersonId, key: &Passkey) -> Result<String, AccountError> {
        let key = json!({ "person": person, "key": tree(key)? });
        Ok(self.seal().text(COLUMN, &key.to_string())?)
    }

    fn opened(&self, stored: &store::Stored) -> Result<Value, AccountError> {
        let opened = self.seal().open(COLUMN, &stored.credential)?;
        let mut opened: Value = serde_json::from_str(&opened).map_err(unexpected)?;
        match opened["person"] == json!(stored.person) {
            true => Ok(opened["key"].take()),
            false => Err(NotOpened { column: COLUMN }.into()),
        }
    }
}

fn label_of(given: &str) -> String {
    let label: String = given
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LABEL_LETTERS)
        .collect();
    match label.as_str() {
        "" => "パスキー".to_owned(),
        _ => label,
    }
}
