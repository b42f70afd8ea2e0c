//! What every proof needs at hand.

use std::sync::Arc;

use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use super::password::{Passwords, WeakPassword};
use super::{Token, ceremony, invitation, passkey, session, store, throttle};
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;
use crate::seal::{NoRandomness, NotOpened, Seal};

/// Where staff find us; passkeys are bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// `KAIRAN_PUBLIC_URL`: its host is the passkeys' relying party, itself the only origin they speak to.
    pub public_url: String,
    /// The account's name, as authenticators show it: 汐見市 LINE公式アカウント.
    pub name: String,
}

/// Why a proof or a change did not come about.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Wrong, unknown, locked or ended: who asks is never told which.
    #[error("not proven: wrong, or stopped by an administrator")]
    Refused,
    /// Too many tries; the next may come at `until`.
    #[error("too many tries: wait until {until}")]
    Wait {
        /// From when on.
        until: Instant,
    },
    /// The link, page or challenge was used, is too old, or was never ours: begin again.
    #[error("used or too old: begin again")]
    Gone,
    /// The new password is too weak.
    #[error("the password is {0}")]
    Weak(#[from] WeakPassword),
    /// A passkey is needed, and the person has none that counts.
    #[error("no passkey is enrolled")]
    NoPasskey,
    /// The public address cannot have passkeys.
    #[error("KAIRAN_PUBLIC_URL: passkeys cannot be bound to `{0}`; give it a host name")]
    Site(String),
    /// The database does not answer, or refuses.
    #[error("the database: {0}")]
    Db(#[from] DbError),
    /// Something sealed does not open.
    #[error("{0}")]
    NotOpened(#[from] NotOpened),
    /// The system has no randomness.
    #[error("no randomness: {0}")]
    NoRandomness(#[from] NoRandomness),
    /// What should not happen.
    #[error("{0}")]
    Unexpected(String),
}

/// The accounts of this town. Clones share everything.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: Db,
    seal: Seal,
    site: Site,
    origin: Url,
    passwords: Passwords,
    webauthn: Arc<Webauthn>,
}

impl Accounts {
    /// The accounts in `db`, for staff who reach us at `site`.
    ///
    /// # Errors
    /// [`AccountError::Site`]: the address cannot have passkeys; [`AccountError::Db`]: `db` is without its key.
    pub fn new(db: Db, site: Site) -> Result<Self, AccountError> {
        let wrong = || AccountError::Site(site.public_url.clone());
        let mut origin: Url = site.public_url.parse().map_err(|_| wrong())?;
        // Browsers bind passkeys to names. On this machine that is `localhost`.
        if origin.domain().is_none() {
            origin.set_host(Some("localhost")).map_err(|_| wrong())?;
        }
        let host = origin.domain().ok_or_else(wrong)?.to_owned();
        let webauthn = WebauthnBuilder::new(&host, &origin)
            .and_then(|builder| builder.rp_name(&site.name).build())
            .map_err(|_| wrong())?;
        Ok(Self {
            seal: db.seal()?.clone(),
            db,
            passwords: Passwords::new(),
            webauthn: Arc::new(webauthn),
            site,
            origin,
        })
    }

    /// The link that brings whoever holds `token` in.
    pub fn link(&self, token: &Token) -> String {
        token.link(&self.site.public_url)
    }

    /// The only origin that passkeys answer to.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    pub(super) fn seal(&self) -> &Seal {
        &self.seal
    }

    pub(super) fn site(&self) -> &Site {
        &self.site
    }

    pub(super) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    pub(super) fn webauthn(&self) -> &Webauthn {
        &self.webauthn
    }
}

/// Puts on record what `person` did with their own account. Last in its transaction.
pub(super) async fn note(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    act: &'static str,
    detail: serde_json::Value,
) -> Result<(), DbError> {
    let entry = Entry::of(Actor::Person(person, None), act, ("person", person));
    audit::record(tx, now, entry.with(detail)).await
}

/// Locks everything a person could prove themselves with, and ends their sessions. One person may do this.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Tx, now: Instant, person: PersonId) -> Result<(), DbError> {
    store::set_locked(tx.conn(), person, Some(now), now).await?;
    store::stop(tx.conn(), person, now).await?;
    session::store::end_all(tx.conn(), person, None).await
}

/// Lets a locked person prove themselves again, with a fresh count of wrong passwords.
///
/// # Errors
/// The database does not answer.
pub async fn unlock(tx: &Tx, now: Instant, person: PersonId) -> Result<(), DbError> {
    store::set_locked(tx.conn(), person, None, now).await?;
    unlock_password(tx, person).await
}

/// Lets `person` try passwords again, with a fresh count of wrong ones. Whoever is locked stays so.
///
/// # Errors
/// The database does not answer.
pub async fn unlock_password(tx: &Tx, person: PersonId) -> Result<(), DbError> {
    store::set_failures(tx.conn(), person, 0).await
}

/// Takes everything away that `person` could prove themselves with, also what they or somebody else had
/// begun with it, and ends their sessions; an invitation lets them begin anew.
///
/// # Errors
/// The database does not answer.
pub async fn reset(tx: &Tx, now: Instant, person: PersonId) -> Result<(), DbError> {
    store::stop(tx.conn(), person, now).await?;
    store::forget_password_and_codes(tx.conn(), person).await?;
    passkey::store::revoke_all(tx.conn(), person, now).await?;
    store::unbind(tx.conn(), person).await?;
    invitation::store::withdraw(tx.conn(), person, now).await?;
    ceremony::store::end_all(tx.conn(), person, now).await?;
    session::store::end_all(tx.conn(), person, None).await
}

/// Forgets what is over: sessions, ceremonies without evidence, tallies of tries.
///
/// # Errors
/// The database does not answer.
pub async fn forget(tx: &Tx, now: Instant) -> Result<u64, DbError> {
    Ok(session::store::forget(tx.conn(), now).await?
        + ceremony::store::forget(tx.conn(), now).await?
        + throttle::store::forget(tx.conn(), now).await?)
}
