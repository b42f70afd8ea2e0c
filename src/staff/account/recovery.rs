//! Recovery codes: for the day the phone with the authenticator app is lost.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::accounts::note;
use super::store;
use super::{AccountError, Accounts};
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::PersonId;
use crate::seal::NoRandomness;
use crate::staff::typed;
use crate::text::hex;

/// How many a person gets.
pub(super) const HOW_MANY: usize = 10;

/// 24 letters are 120 bits: more than the 112 from which ASVS 6.5.2 is content with a plain hash.
const LETTERS: usize = 24;

/// One recovery code, shown once: six groups of four.
#[derive(Debug, Clone)]
pub struct RecoveryCode(SecretString);

impl RecoveryCode {
    fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(typed::code(LETTERS)?.into()))
    }

    /// For the person alone, once.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What is kept of a code, however it was typed: in small letters, without hyphens, with O for 0.
fn digest(person: PersonId, written: &str) -> String {
    let letters = typed::letters(written);
    hex(&Sha256::digest(format!("{person}\0{letters}")))
}

/// Gives `person` new codes; older ones no longer work.
pub(super) async fn renew(tx: &Tx, person: PersonId) -> Result<Vec<RecoveryCode>, AccountError> {
    let codes: Vec<RecoveryCode> = (0..HOW_MANY)
        .map(|_| RecoveryCode::generate())
        .collect::<Result<_, _>>()?;
    let digests = codes.iter().map(|code| digest(person, code.reveal()));
    store::replace_recovery_codes(tx.conn(), person, digests.collect()).await?;
    Ok(codes)
}

/// Uses a code up; false when it is none of the person's, or used.
pub(super) async fn use_up(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    typed: &str,
) -> Result<bool, AccountError> {
    Ok(store::use_recovery_code(tx.conn(), person, &digest(person, typed), now).await?)
}

impl Accounts {
    /// New recovery codes in place of the old ones. Show them once.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn renew_recovery_codes(
        &self,
        now: Instant,
        person: PersonId,
    ) -> Result<Vec<RecoveryCode>, AccountError> {
        let tx = self.db().begin().await?;
        let codes = renew(&tx, person).await?;
        note(&tx, now, person, "account.recovery_renewed", json!({})).await?;
        tx.commit().await?;
        Ok(codes)
    }
}

impl fmt::Display for RecoveryCode {
    /// Masked: [`RecoveryCode::reveal`] shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("••••-••••-••••-••••-••••-••••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let person = PersonId(uuid::Uuid::nil());
        let shown = digest(person, "0123-ABCD-1111-WXYZ-0000-QRST");
        assert_eq!(digest(person, " o123abcd iLi1 wxyz0000qrst "), shown);
        assert_ne!(
            digest(PersonId(uuid::Uuid::max()), "0123-ABCD-1111-WXYZ-0000-QRST"),
            shown
        );
    }

    #[test]
    fn codes_are_six_groups_of_four_and_do_not_print() {
        let code = RecoveryCode::generate().unwrap_or_else(|e| panic!("{e}"));
        let groups: Vec<&str> = code.reveal().split('-').collect();
        assert_eq!(groups.iter().map(|g| g.len()).collect::<Vec<_>>(), [4; 6]);
        assert!(!format!("{code:?} {code}").contains(groups[0]));
    }
}
