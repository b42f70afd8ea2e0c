//! What a person has to prove themselves with.

use super::store;
use super::{AccountError, Accounts, passkey};
use crate::db::{DbError, Tx};
use crate::ids::PersonId;

/// A person's means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Factors {
    /// A password is set.
    pub password: bool,
    /// The password is locked: too many wrong ones in a row. Passkeys work.
    pub password_locked: bool,
    /// An authenticator app shows codes.
    pub codes: bool,
    /// Recovery codes not yet used.
    pub recovery_codes: usize,
    /// Passkeys not revoked.
    pub passkeys: usize,
    /// They have, or have had, a passkey.
    pub had_passkey: bool,
}

impl Factors {
    /// Whether there is something beside the password.
    pub fn has_second(&self) -> bool {
        self.codes || self.passkeys > 0
    }
}

/// Whether `person` could sign in by what they have, a passkey or a password.
///
/// # Errors
/// The database does not answer.
pub async fn has_means(tx: &Tx, person: PersonId) -> Result<bool, DbError> {
    let account = store::account(tx.conn(), person).await?;
    let password = account.is_some_and(|account| account.password_hash.is_some());
    Ok(password || !passkey::store::active(tx.conn(), person).await?.is_empty())
}

impl Accounts {
    /// What `person` has.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn factors(&self, person: PersonId) -> Result<Factors, AccountError> {
        let conn = self.db().conn();
        let account = store::account(conn, person).await?;
        Ok(Factors {
            password: account.as_ref().is_some_and(|a| a.password_hash.is_some()),
            password_locked: account
                .as_ref()
                .is_some_and(store::Account::password_locked),
            codes: account.as_ref().is_some_and(|a| a.totp.is_some()),
            recovery_codes: store::recovery_codes_left(conn, person).await?,
            passkeys: passkey::store::active(conn, person).await?.len(),
            had_passkey: passkey::store::ever(conn, person).await?,
        })
    }
}
