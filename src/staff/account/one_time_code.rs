//! Codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, each once.

use chrono::TimeDelta;
use qrcode::QrCode;
use qrcode::render::svg;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::accounts::note;
use super::ceremony::{self, Beginning, Purpose};
use super::recovery::{self, RecoveryCode};
use super::{AccountError, Accounts, Token, store};
use crate::clock::Instant;
use crate::ids::PersonId;

/// For finding the phone, installing the app and typing the first code.
const ENROLMENT: TimeDelta = TimeDelta::minutes(15);
pub(super) const COLUMN: &str = "account.totp";

/// What a page shows so that a person can add us to an authenticator app.
#[derive(Debug)]
pub struct CodeEnrolment {
    /// Brings the first code home: [`Accounts::finish_codes`].
    pub token: Token,
    /// The picture to scan, an SVG document. It holds the secret.
    pub qr: SecretString,
    /// The same secret, to type where nothing can be scanned (base 32).
    pub secret: SecretString,
}

/// The step whose code `typed` is, at `now` or one step before or after.
pub(super) fn step(secret: &str, typed: &str, now: Instant) -> Result<Option<i64>, AccountError> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = totp(secret, "", "")?.check(&digits, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &str, issuer: &str, account: &str) -> Result<Totp, AccountError> {
    let broken = |fault: &dyn std::fmt::Display| AccountError::Unexpected(format!("TOTP: {fault}"));
    let secret = Secret::try_from_base32(secret).map_err(|fault| broken(&fault))?;
    // A colon parts issuer and account in what the app reads.
    let plain = |text: &str| text.replace(':', " ");
    let issuer = Some(plain(issuer)).filter(|issuer| !issuer.is_empty());
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_issuer(issuer)
        .with_account_name(plain(account))
        .build()
        .map_err(|fault| broken(&fault))
}

impl Accounts {
    /// Begins to add an authenticator app for `person`, who is called `account` in it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_codes(
        &self,
        now: Instant,
        person: PersonId,
        account: &str,
    ) -> Result<CodeEnrolment, AccountError> {
        let secret = Secret::generate().to_base32();
        let broken = |fault: String| AccountError::Unexpected(format!("TOTP: {fault}"));
        let url = totp(&secret, &self.site().name, account)?
            .to_url()
            .map_err(|fault| broken(fault.to_string()))?;
        let qr = QrCode::new(url).map_err(|fault| broken(fault.to_string()))?;
        let qr = qr
            .render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build();
        let beginning = Beginning {
            purpose: Purpose::Codes,
            person: Some(person),
            bound: None,
            state: &secret,
            lifetime: ENROLMENT,
        };
        let tx = self.db().begin().await?;
        let token = ceremony::begin(&tx, self.seal(), now, beginning).await?;
        tx.commit().await?;
        Ok(CodeEnrolment {
            token,
            qr: qr.into(),
            secret: secret.into(),
        })
    }

    /// Adds the app once it shows a right code, and gives recovery codes to print. A wrong code may be
    /// corrected.
    ///
    /// # Errors
    /// [`AccountError::Refused`]: the code is not the app's. [`AccountError::Gone`]: begin again.
    pub async fn finish_codes(
        &self,
        now: Instant,
        person: PersonId,
        token: &Token,
        typed: &str,
    ) -> Result<Vec<RecoveryCode>, AccountError> {
        let begun = ceremony::look(self.db(), self.seal(), now, token, Purpose::Codes).await?;
        let begun = begun.filter(|begun| begun.person == Some(person));
        let secret = begun.ok_or(AccountError::Gone)?.state;
        let secret = secret.expose_secret();
        let step = step(secret, typed, now)?.ok_or(AccountError::Refused)?;
        if !ceremony::use_up(self.db(), now, token, Purpose::Codes).await? {
            return Err(AccountError::Gone);
        }
        let tx = self.db().begin().await?;
        let sealed = self.seal().text(COLUMN, secret)?;
        store::set_codes(tx.conn(), person, Some(sealed), Some(step), now).await?;
        let codes = recovery::renew(&tx, person).await?;
        note(&tx, now, person, "account.codes_added", json!({})).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes the authenticator app and the recovery codes away.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_codes(&self, now: Instant, person: PersonId) -> Result<(), AccountError> {
        let tx = self.db().begin().await?;
        store::set_codes(tx.conn(), person, None, None, now).await?;
        store::replace_recovery_codes(tx.conn(), person, Vec::new()).await?;
        note(&tx, now, person, "account.codes_ended", json!({})).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret `12345678901234567890` shows …287082 at 59 s.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_code_is_good_for_its_step_and_its_neighbours() {
        let at = |seconds: i64| Instant::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for (seconds, expected) in [(0, Some(1)), (59, Some(1)), (89, Some(1)), (90, None)] {
            let step = step(SECRET, "287 082", at(seconds)).unwrap_or_default();
            assert_eq!(step, expected, "{seconds}");
        }
        for typed in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(
                step(SECRET, typed, at(59)).unwrap_or_default(),
                None,
                "{typed}"
            );
        }
    }
}
