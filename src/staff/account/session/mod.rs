//! Sessions: a browser in which somebody has proven who they are.

pub(super) mod store;

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::accounts::note;
use super::store as accounts_store;
use super::{AccountError, Accounts, SignIn, Token};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;

/// `last_seen_at` is written at most so often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The longest device summary.
const DEVICE_LETTERS: usize = 60;

/// How the person proved themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A password alone.
    Password,
    /// A password and a code of an authenticator app.
    Code,
    /// A password and a recovery code.
    RecoveryCode,
    /// A passkey.
    Passkey,
    /// The municipality's own sign-on.
    SingleSignOn,
}

impl Method {
    const ALL: [Self; 5] = [
        Self::Password,
        Self::Code,
        Self::RecoveryCode,
        Self::Passkey,
        Self::SingleSignOn,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::SingleSignOn => "single_sign_on",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word() == word)
    }
}

/// How long sessions last (ASVS 7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Without a request.
    pub idle: TimeDelta,
    /// In all, whatever happens.
    pub absolute: TimeDelta,
}

impl Default for Limits {
    /// Half an hour idle, twelve hours in all.
    fn default() -> Self {
        Self {
            idle: TimeDelta::minutes(30),
            absolute: TimeDelta::hours(12),
        }
    }
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What a page may name; not the key.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// When they signed in.
    pub opened_at: Instant,
    /// The newest request, to the minute.
    pub last_seen_at: Instant,
    /// When it ends at the latest.
    pub expires_at: Instant,
    /// The browser and system, in a few words.
    pub device: String,
    /// How they signed in.
    pub method: Method,
}

impl Accounts {
    /// Opens a session for whoever proved themselves; gives its key, for the cookie.
    ///
    /// # Errors
    /// [`AccountError::Refused`]: the person was locked or ended meanwhile.
    pub async fn open_session(
        &self,
        now: Instant,
        limits: Limits,
        sign_in: SignIn,
        user_agent: &str,
    ) -> Result<Token, AccountError> {
        let key = Token::generate()?;
        let tx = self.db().begin().await?;
        if !accounts_store::is_active(tx.conn(), sign_in.person(), now).await? {
            return Err(AccountError::Refused);
        }
        let id = Uuid::new_v4();
        let session = Session {
            id,
            person: sign_in.person(),
            opened_at: now,
            last_seen_at: now,
            expires_at: now + limits.absolute,
            device: device(user_agent),
            method: sign_in.method(),
        };
        store::open(tx.conn(), &key, session).await?;
        if matches!(
            sign_in.method(),
            Method::Password | Method::Code | Method::RecoveryCode
        ) {
            accounts_store::set_failures(tx.conn(), sign_in.person(), 0).await?;
        }
        let detail = json!({ "method": sign_in.method().word(), "session": id });
        note(&tx, now, sign_in.person(), "account.signed_in", detail).await?;
        tx.commit().await?;
        Ok(key)
    }

    /// The session that `key` opens at `now`; none when it ended, rested too long, or its person may no
    /// longer work here.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn session(
        &self,
        now: Instant,
        limits: Limits,
        key: &Token,
    ) -> Result<Option<Session>, AccountError> {
        let Some(session) = self.unattended(now, limits, key).await? else {
            return Ok(None);
        };
        if now - session.last_seen_at < SEEN_EVERY {
            return Ok(Some(session));
        }
        let tx = self.db().begin().await?;
        store::seen(tx.conn(), session.id, now).await?;
        tx.commit().await?;
        Ok(Some(Session {
            last_seen_at: now,
            ..session
        }))
    }

    /// The same for what a page asks by itself: nobody was there, so the session rests on (ASVS 7.3.1).
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unattended(
        &self,
        now: Instant,
        limits: Limits,
        key: &Token,
    ) -> Result<Option<Session>, AccountError> {
        let conn = self.db().conn();
        let Some(session) = store::find(conn, key).await? else {
            return Ok(None);
        };
        let alive = now < session.expires_at
            && now - session.last_seen_at < limits.idle
            && accounts_store::is_active(conn, session.person, now).await?;
        Ok(alive.then_some(session))
    }

    /// Everything `person` is signed in with, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn sessions(
        &self,
        now: Instant,
        limits: Limits,
        person: PersonId,
    ) -> Result<Vec<Session>, AccountError> {
        Ok(sessions_of(self.db(), now, limits, person).await?)
    }

    /// Ends one of `person`'s own sessions; false when it is not theirs, or over.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_session(&self, person: PersonId, id: Uuid) -> Result<bool, AccountError> {
        let tx = self.db().begin().await?;
        let ended = store::end(tx.conn(), person, id).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// Everything `person` is signed in with, the newest first.
pub(in crate::staff) async fn sessions_of(
    db: &Db,
    now: Instant,
    limits: Limits,
    person: PersonId,
) -> Result<Vec<Session>, DbError> {
    let sessions = store::of(db.conn(), person).await?;
    let alive = |s: &Session| now < s.expires_at && now - s.last_seen_at < limits.idle;
    Ok(sessions.into_iter().filter(alive).collect())
}

/// Ends all sessions of `person` but `keep`.
///
/// # Errors
/// The database does not answer.
pub async fn end_sessions(tx: &Tx, person: PersonId, keep: Option<Uuid>) -> Result<(), DbError> {
    store::end_all(tx.conn(), person, keep).await
}

/// A browser and a system, as far as its `User-Agent` tells.
fn device(user_agent: &str) -> String {
    let first = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // The order matters: Edge calls itself Chrome, and Chrome Safari.
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} / {system}"),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => user_agent
            .chars()
            .filter(|c| !c.is_control())
            .take(DEVICE_LETTERS)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_in_two_words() {
        for (user_agent, named) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge / Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile Safari/604.1",
                "Safari / iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
                "Firefox / Linux",
            ),
            ("curl/8.5\r\n", "curl/8.5"),
        ] {
            assert_eq!(device(user_agent), named);
        }
        assert_eq!(device(&"長".repeat(500)).chars().count(), DEVICE_LETTERS);
    }

    #[test]
    fn a_method_is_stored_as_a_word() {
        for method in Method::ALL {
            assert_eq!(Method::of(method.word()), Some(method));
        }
        assert_eq!(Method::of("guess"), None);
    }
}
