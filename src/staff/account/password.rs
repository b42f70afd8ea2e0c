//! Passwords: which are good enough, and how they are kept.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::accounts::note;
use super::common::is_common;
use super::{AccountError, Accounts, store};
use crate::clock::Instant;
use crate::ids::PersonId;

/// Shorter ones are refused. ASVS 6.2.1 demands 8 and advises 15; a staff password may stand alone until a
/// second factor is enrolled, so it is nearer to the advice.
pub const LEAST: usize = 12;
/// The length the page advises (ASVS 6.2.1).
pub const ADVISED: usize = 15;
/// Longer ones are refused, so that hashing has an end (ASVS 6.2.9 demands at least 64).
pub const MOST: usize = 128;

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes under way at once: a hundred sign-ins wait for each other instead of taking 2 GB.
const AT_ONCE: usize = 4;

/// Verified in place of the hash of somebody who has none, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a2FpcmFuLW5vYm9keS1zYWx0$2bWkmNwu7XhXUK3XPZkdEYQ6yKzFX5PSxR0SeInJ2Ds";

/// Why a new password is refused. There is no rule of composition and no other one (ASVS 6.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`LEAST`] characters.
    #[error("shorter than {LEAST} characters")]
    Short,
    /// More than [`MOST`] characters.
    #[error("longer than {MOST} characters")]
    Long,
    /// Common words, the town's or the person's own, runs and repetitions, and little else.
    #[error("made of words and runs that are tried first")]
    Common,
}

/// Hashes, a few at a time.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
}

/// One form for what different keyboards send for the same keys (NIST SP 800-63B §3.1.1.2).
fn normal(password: &SecretString) -> SecretString {
    password.expose_secret().nfkc().collect::<String>().into()
}

/// Refuses a weak one.
pub(super) fn check(password: &SecretString, context: &[&str]) -> Result<(), WeakPassword> {
    let password = normal(password);
    match password.expose_secret().chars().count() {
        ..LEAST => Err(WeakPassword::Short),
        LEAST..=MOST if is_common(password.expose_secret(), context) => Err(WeakPassword::Common),
        LEAST..=MOST => Ok(()),
        _ => Err(WeakPassword::Long),
    }
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The hash to keep, a PHC string with its own salt and parameters.
    pub(super) async fn hash(&self, password: &SecretString) -> Result<String, AccountError> {
        let password = normal(password);
        self.work(move || {
            let hash = argon2()?.hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|fault| AccountError::Unexpected(format!("argon2: {fault}")))
        })
        .await?
    }

    /// Whether `password` is the one kept. Without one it takes as long, and is false.
    pub(super) async fn matches(
        &self,
        password: &SecretString,
        kept: Option<String>,
    ) -> Result<bool, AccountError> {
        let password = normal(password);
        self.work(move || {
            let known = kept.is_some();
            let hash = kept.as_deref().unwrap_or(NOBODY);
            let hash = PasswordHash::new(hash)
                .map_err(|fault| AccountError::Unexpected(format!("a stored hash: {fault}")))?;
            // Nobody hashes what nobody could have chosen.
            let given: String = password.expose_secret().chars().take(MOST + 1).collect();
            Ok(argon2()?.verify_password(given.as_bytes(), &hash).is_ok() && known)
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let broken = |fault: String| AccountError::Unexpected(fault);
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|fault| broken(fault.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|fault| broken(fault.to_string()))
    }
}

fn argon2() -> Result<Argon2<'static>, AccountError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)
        .map_err(|fault| AccountError::Unexpected(format!("argon2: {fault}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Accounts {
    /// Refuses a password that is too short, too long, or too easily guessed beside `context`: the town's
    /// name, the person's number and name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_password(
        &self,
        password: &SecretString,
        context: &[&str],
    ) -> Result<(), WeakPassword> {
        let own = [&[self.site().name.as_str()], context].concat();
        check(password, &own)
    }

    /// Sets a new password in place of the old one. The caller ends the person's other sessions.
    ///
    /// # Errors
    /// [`AccountError::Weak`]: choose another.
    pub async fn set_password(
        &self,
        now: Instant,
        person: PersonId,
        password: &SecretString,
        context: &[&str],
    ) -> Result<(), AccountError> {
        self.check_password(password, context)?;
        let hash = self.passwords().hash(password).await?;
        let tx = self.db().begin().await?;
        store::set_password(tx.conn(), person, hash, now).await?;
        note(&tx, now, person, "account.password_set", json!({})).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.into()
    }

    #[tokio::test]
    async fn nobody_is_verified_at_the_same_cost_and_never_matches() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&secret("窓際の猫は三時に鳴いて")).await;
        let hash = hash.unwrap_or_else(|e| panic!("{e}"));
        let costs = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert_eq!(costs(&hash), costs(NOBODY));
        let (right, any) = (secret("窓際の猫は三時に鳴いて"), secret("kairan"));
        let right = passwords.matches(&right, Some(hash)).await;
        assert!(matches!(right, Ok(true)), "{right:?}");
        let nobody = passwords.matches(&any, None).await;
        assert!(matches!(nobody, Ok(false)), "{nobody:?}");
    }

    #[tokio::test]
    async fn the_same_keys_are_the_same_password_at_any_width() {
        let passwords = Passwords::new();
        let hash = passwords
            .hash(&secret("ｎｅｋｏ　ｎｏ　ｍａｄｏ　３"))
            .await;
        let typed = secret("neko no mado 3");
        let matches = passwords.matches(&typed, hash.ok()).await;
        assert!(matches!(matches, Ok(true)), "{matches:?}");
    }

    #[test]
    fn length_is_counted_in_characters() {
        let of = |n: usize| {
            check(
                &secret(
                    &"猫犬鳥魚虫花草木山川海空"
                        .chars()
                        .cycle()
                        .take(n)
                        .collect::<String>(),
                ),
                &[],
            )
        };
        assert_eq!(of(11), Err(WeakPassword::Short));
        assert_eq!(of(12), Ok(()));
        assert_eq!(of(128), Ok(()));
        assert_eq!(of(129), Err(WeakPassword::Long));
        assert_eq!(
            check(&secret("password1234"), &[]),
            Err(WeakPassword::Common)
        );
    }
}
