//! What a person has to prove themselves with.

use super::store;
use super::{AccountError, Accounts, passkey};
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
}

impl Factors {
    /// Whether there is something beside the password.
    pub fn has_second(&self) -> bool {
        self.codes || self.passkeys > 0
    }
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
        })
    }
}
