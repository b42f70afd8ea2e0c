//! Signing in by the municipality's own sign-on: a subject there is a person here only by a binding, and a
//! binding is made only by an invitation. Nobody is created.

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use url::Url;

use super::ceremony::{self, Beginning, Purpose};
use super::session::Method;
use super::{AccountError, Accounts, InvitedTo, SignIn, Token, invitation, store};
use crate::clock::Instant;
use crate::sso::{Provider, SsoError, Subject};
use crate::staff::people;

/// For signing in at the provider.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Why a sign-on led to nobody.
#[derive(Debug, thiserror::Error)]
pub enum SignOnError {
    /// Nobody here is bound to that subject, or something of ours failed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The provider's answer does not hold, or there is none.
    #[error(transparent)]
    Provider(#[from] SsoError),
}

impl Accounts {
    /// Where to send the browser, and the token it is to bring back in a cookie.
    ///
    /// # Errors
    /// The provider does not answer.
    pub async fn begin_sign_on(
        &self,
        now: Instant,
        provider: &Provider,
    ) -> Result<(Url, Token), SignOnError> {
        let (url, kept) = provider.begin().await?;
        let state = serde_json::to_string(&kept)
            .map_err(|fault| AccountError::Unexpected(fault.to_string()))?;
        let beginning = Beginning {
            purpose: Purpose::SingleSignOn,
            person: None,
            bound: None,
            state: &state,
            lifetime: LIFETIME,
        };
        let tx = self.db().begin().await.map_err(AccountError::from)?;
        let token = ceremony::begin(&tx, self.seal(), now, beginning).await?;
        tx.commit().await.map_err(AccountError::from)?;
        Ok((url, token))
    }

    /// Who came back, at the provider.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: another browser, too late, or twice. [`SsoError::Refused`]: the answer does not
    /// hold.
    pub async fn finish_sign_on(
        &self,
        now: Instant,
        provider: &Provider,
        token: &Token,
        state: &str,
        code: &str,
    ) -> Result<Subject, SignOnError> {
        let begun =
            ceremony::end(self.db(), self.seal(), now, token, Purpose::SingleSignOn).await?;
        let kept = serde_json::from_str(begun.state.expose_secret())
            .map_err(|fault| AccountError::Unexpected(fault.to_string()))?;
        Ok(provider.finish(now, kept, state, code).await?)
    }

    /// Signs in whoever is bound to `subject`.
    ///
    /// # Errors
    /// [`AccountError::Refused`]: nobody is, or they are locked or ended.
    pub async fn sign_in_as(
        &self,
        now: Instant,
        subject: &Subject,
    ) -> Result<SignIn, AccountError> {
        let conn = self.db().conn();
        let person = store::bound_to(conn, &subject.issuer, &subject.subject).await?;
        let person = person.ok_or(AccountError::Refused)?;
        match store::is_active(conn, person, now).await? {
            true => Ok(SignIn::proven(person, Method::SingleSignOn)),
            false => Err(AccountError::Refused),
        }
    }

    /// Accepts an invitation by the sign-on: binds `subject` to the invited person, whose mail address the
    /// provider must have verified to be the subject's.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: the link is not good, or not for this. [`AccountError::Refused`]: another mail address, one not
    /// verified, or a subject that is somebody else here.
    pub async fn accept_with_sign_on(
        &self,
        now: Instant,
        token: &Token,
        subject: &Subject,
    ) -> Result<SignIn, AccountError> {
        let person = self.invited(now, token).await?.person;
        let tx = self.db().begin().await?;
        let roster = people::roster_in(&tx).await?;
        let mail = roster.persons.get(&person).and_then(|p| p.mail.as_ref());
        let same = mail
            .zip(subject.verified_mail.as_ref())
            .is_some_and(|(known, verified)| {
                known.as_str().to_lowercase() == verified.trim().to_lowercase()
            });
        let taken = store::bound_to(tx.conn(), &subject.issuer, &subject.subject).await?;
        if !same || taken.is_some_and(|other| other != person) {
            return Err(AccountError::Refused);
        }
        invitation::use_up(&tx, now, token, person, &[InvitedTo::OpenAccount]).await?;
        if taken.is_none() {
            store::bind(tx.conn(), &subject.issuer, &subject.subject, person, now).await?;
        }
        tx.commit().await?;
        Ok(SignIn::proven(person, Method::SingleSignOn))
    }
}
