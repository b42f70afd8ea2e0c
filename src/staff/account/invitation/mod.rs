//! Invitations: a one-time link, and in the same flow a password or a passkey; or, for somebody who has their
//! account, another passkey and nothing else.

pub(super) mod store;

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;

use super::accounts::note;
use super::passkey::NewPasskey;
use super::session::Method;
use super::store as accounts_store;
use super::{AccountError, Accounts, SignIn, Token};
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::PersonId;

/// How long a link may lie in a mailbox.
pub const LIFETIME: TimeDelta = TimeDelta::hours(72);

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitedTo {
    /// Opening an account, with whatever one wants to sign in with.
    OpenAccount,
    /// Adding a passkey: whoever holds the link sets no password and binds no sign-on with it.
    AddPasskey,
}

impl InvitedTo {
    const ALL: [Self; 2] = [Self::OpenAccount, Self::AddPasskey];

    fn word(self) -> &'static str {
        match self {
            Self::OpenAccount => "open_account",
            Self::AddPasskey => "add_passkey",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|to| to.word() == word)
    }
}

/// Whom a link invites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    /// The person.
    pub person: PersonId,
    /// To what.
    pub to: InvitedTo,
    /// Until when.
    pub expires_at: Instant,
}

/// Invites `person`, once; an older link of theirs no longer works. The token goes into the link, and
/// nowhere else.
///
/// # Errors
/// The database does not answer.
pub async fn invite(tx: &Tx, now: Instant, person: PersonId) -> Result<Token, AccountError> {
    invite_to(tx, now, person, InvitedTo::OpenAccount).await
}

/// The same for what the link is to be good for.
///
/// # Errors
/// The database does not answer.
pub async fn invite_to(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    to: InvitedTo,
) -> Result<Token, AccountError> {
    let token = Token::generate()?;
    store::withdraw(tx.conn(), person, now).await?;
    let invited = Invited {
        person,
        to,
        expires_at: now + LIFETIME,
    };
    store::add(tx.conn(), &token, invited, now).await?;
    Ok(token)
}

impl Accounts {
    /// Whom the link invites. Looking does not use it up: mail scanners open links.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: used, too old, or never ours.
    pub async fn invited(&self, now: Instant, token: &Token) -> Result<Invited, AccountError> {
        let open = store::open(self.db().conn(), token, now).await?;
        open.ok_or(AccountError::Gone)
    }

    /// Accepts with a first password. `context` is what it must not be made of, beside the town's name.
    /// Whether a second factor is demanded, [`Accounts::prove_password`] will ask.
    ///
    /// # Errors
    /// [`AccountError::Weak`]: choose another; the link remains good. [`AccountError::Gone`]: it is not, or
    /// not for this.
    pub async fn accept_with_password(
        &self,
        now: Instant,
        token: &Token,
        password: &SecretString,
        context: &[&str],
    ) -> Result<PersonId, AccountError> {
        self.check_password(password, context)?;
        let person = self.invited(now, token).await?.person;
        let hash = self.passwords().hash(password).await?;
        let tx = self.db().begin().await?;
        use_up(&tx, now, token, person, &[InvitedTo::OpenAccount]).await?;
        accounts_store::set_password(tx.conn(), person, hash, now).await?;
        note(
            &tx,
            now,
            person,
            "account.password_set",
            json!({ "by": "invitation" }),
        )
        .await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Accepts with a passkey, and is signed in with it.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: used, too old, never ours, or another person's.
    pub async fn accept_with_passkey(
        &self,
        now: Instant,
        token: &Token,
        passkey: NewPasskey,
    ) -> Result<SignIn, AccountError> {
        let person = passkey.person();
        let tx = self.db().begin().await?;
        use_up(&tx, now, token, person, &InvitedTo::ALL).await?;
        self.add_passkey(&tx, now, passkey).await?;
        tx.commit().await?;
        Ok(SignIn::proven(person, Method::Passkey))
    }
}

/// Uses a link to one of `to` up for `person`, in the transaction of what they accept with.
pub(super) async fn use_up(
    tx: &Tx,
    now: Instant,
    token: &Token,
    person: PersonId,
    to: &[InvitedTo],
) -> Result<(), AccountError> {
    if !accounts_store::is_active(tx.conn(), person, now).await? {
        return Err(AccountError::Refused);
    }
    match store::use_up(tx.conn(), token, person, to, now).await? {
        true => Ok(()),
        false => Err(AccountError::Gone),
    }
}
