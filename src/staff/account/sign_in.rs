//! Signing in: what was proven, and what is still missing.
//!
//! ```text
//! password ─┬─ nothing else enrolled ──────────┬─ not demanded ── SignIn
//!           │                                  └─ demanded ────── must enrol, then SignIn
//!           └─ codes or passkeys enrolled ── second factor ────── SignIn
//! passkey ─────────────────────────────────────────────────────── SignIn
//! ```

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::ceremony::{self, Beginning, Purpose};
use super::factors::Factors;
use super::one_time_code;
use super::recovery;
use super::session::Method;
use super::throttle::{self, Network, Scope};
use super::{AccountError, Accounts, Token, store};
use crate::clock::Instant;
use crate::ids::PersonId;

/// For fetching the phone after the password was right.
const SECOND_FACTOR: TimeDelta = TimeDelta::minutes(10);

/// A try with a password.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The person's number (職員番号) or mail address, as typed.
    pub number: String,
    /// The password, as typed.
    pub password: SecretString,
    /// From where.
    pub network: Network,
}

/// Somebody knows the password of `person`. That alone opens nothing.
#[derive(Debug)]
pub struct PasswordProven {
    person: PersonId,
    factors: Factors,
    age: TimeDelta,
}

/// What comes after the password.
#[derive(Debug)]
pub enum Next {
    /// Nothing: [`Accounts::open_session`].
    SignIn(SignIn),
    /// A code, a recovery code or a passkey: [`Accounts::ask_second`].
    SecondFactor(Pending),
    /// Their post demands a second factor and there is none: [`Accounts::ask_second`], let them enrol one,
    /// then [`Accounts::enrolled_second`].
    MustEnrolSecondFactor(Pending),
}

/// A sign-in that waits for its second factor.
#[derive(Debug)]
pub struct Pending {
    person: PersonId,
    factors: Factors,
}

/// Somebody has proven who they are. Only proofs make one, and a session takes it.
#[derive(Debug)]
pub struct SignIn {
    person: PersonId,
    method: Method,
}

impl SignIn {
    pub(super) fn proven(person: PersonId, method: Method) -> Self {
        Self { person, method }
    }

    /// Who.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// How.
    pub fn method(&self) -> Method {
        self.method
    }
}

impl PasswordProven {
    /// Whose password.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Whether the password is older than the policy allows; no limit, no age (ASVS 6.2.10).
    pub fn is_too_old(&self, max_age_days: Option<u32>) -> bool {
        max_age_days.is_some_and(|days| self.age > TimeDelta::days(days.into()))
    }

    /// What comes next, for a person whose posts demand a second factor or do not.
    pub fn next(self, second_demanded: bool) -> Next {
        let Self {
            person, factors, ..
        } = self;
        let pending = Pending { person, factors };
        match (factors.has_second(), second_demanded) {
            (true, _) => Next::SecondFactor(pending),
            (false, true) => Next::MustEnrolSecondFactor(pending),
            (false, false) => Next::SignIn(SignIn::proven(person, Method::Password)),
        }
    }
}

impl Pending {
    /// Who.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// What they can choose from.
    pub fn factors(&self) -> Factors {
        self.factors
    }
}

impl Accounts {
    /// Takes a password.
    ///
    /// # Errors
    /// [`AccountError::Wait`]: too many tries for this name or from this network.
    /// [`AccountError::Refused`]: wrong, unknown, locked or ended.
    pub async fn prove_password(
        &self,
        now: Instant,
        attempt: Attempt,
    ) -> Result<PasswordProven, AccountError> {
        let number = attempt.number.trim();
        let scopes = [Scope::name(number), Scope::Network(attempt.network)];
        let account = {
            let tx = self.db().begin().await?;
            for scope in &scopes {
                if let Err(until) = throttle::store::count(tx.conn(), scope, now).await? {
                    return Err(AccountError::Wait { until });
                }
            }
            let account = store::account_called(&tx, number).await?;
            if let Some(account) = &account {
                store::add_failures(tx.conn(), account.person, 1).await?;
            }
            tx.commit().await?;
            account
        };
        let hash = account.as_ref().and_then(|a| a.password_hash.clone());
        let matches = self.passwords().matches(&attempt.password, hash).await?;
        let account = account
            .filter(|account| matches && !account.password_locked())
            .ok_or(AccountError::Refused)?;
        let tx = self.db().begin().await?;
        if !store::is_active(tx.conn(), account.person, now).await? {
            return Err(AccountError::Refused);
        }
        for scope in &scopes {
            throttle::store::take_back(tx.conn(), scope, now).await?;
        }
        store::add_failures(tx.conn(), account.person, -1).await?;
        tx.commit().await?;
        Ok(PasswordProven {
            person: account.person,
            factors: self.factors(account.person).await?,
            age: now - account.password_set_at.unwrap_or(now),
        })
    }

    /// Keeps a sign-in until its second factor comes.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ask_second(&self, now: Instant, pending: &Pending) -> Result<Token, AccountError> {
        let beginning = Beginning {
            purpose: Purpose::SecondFactor,
            person: Some(pending.person),
            bound: None,
            state: if pending.factors.has_second() {
                "ask"
            } else {
                "enrol"
            },
            lifetime: SECOND_FACTOR,
        };
        let tx = self.db().begin().await?;
        let token = ceremony::begin(&tx, self.seal(), now, beginning).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Whose sign-in waits under `token`.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: nobody's, any more.
    pub async fn pending(&self, now: Instant, token: &Token) -> Result<Pending, AccountError> {
        let person = self.waiting(now, token).await?;
        let factors = self.factors(person).await?;
        Ok(Pending { person, factors })
    }

    /// Whose sign-in waits until they have enrolled a second factor.
    ///
    /// # Errors
    /// [`AccountError::Gone`]: nobody's, any more; or they had a factor when they began, and must show it.
    pub async fn enrolling(&self, now: Instant, token: &Token) -> Result<PersonId, AccountError> {
        let open =
            ceremony::look(self.db(), self.seal(), now, token, Purpose::SecondFactor).await?;
        let enrols = |open: &ceremony::Ceremony| open.state.expose_secret() == "enrol";
        let person = open.filter(enrols).and_then(|open| open.person);
        let person = person.ok_or(AccountError::Gone)?;
        match self.factors(person).await?.has_second() {
            false => Ok(person),
            true => Err(AccountError::Gone),
        }
    }

    /// What follows a sign-on, which proves no second factor itself.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn after_sign_on(
        &self,
        sign_in: SignIn,
        second_demanded: bool,
    ) -> Result<Next, AccountError> {
        if !second_demanded {
            return Ok(Next::SignIn(sign_in));
        }
        let person = sign_in.person;
        let factors = self.factors(person).await?;
        let pending = Pending { person, factors };
        Ok(match factors.has_second() {
            true => Next::SecondFactor(pending),
            false => Next::MustEnrolSecondFactor(pending),
        })
    }

    /// Takes a code of the authenticator app; each counts once.
    ///
    /// # Errors
    /// [`AccountError::Wait`], [`AccountError::Refused`]: try again. [`AccountError::Gone`]: begin again.
    pub async fn second_by_code(
        &self,
        now: Instant,
        token: &Token,
        typed: &str,
    ) -> Result<SignIn, AccountError> {
        let person = self.waiting(now, token).await?;
        let scope = self.count_second(now, person).await?;
        let account = store::account(self.db().conn(), person).await?;
        let sealed = account.and_then(|account| account.totp);
        let secret = self
            .seal()
            .open(one_time_code::COLUMN, &sealed.ok_or(AccountError::Refused)?)?;
        let step = one_time_code::step(&secret, typed, now)?.ok_or(AccountError::Refused)?;
        let tx = self.db().begin().await?;
        if !store::use_step(tx.conn(), person, step).await? {
            return Err(AccountError::Refused);
        }
        throttle::store::take_back(tx.conn(), &scope, now).await?;
        tx.commit().await?;
        self.end_waiting(now, token, person, Method::Code).await
    }

    /// Takes a recovery code, and uses it up.
    ///
    /// # Errors
    /// [`AccountError::Wait`], [`AccountError::Refused`]: try again. [`AccountError::Gone`]: begin again.
    pub async fn second_by_recovery_code(
        &self,
        now: Instant,
        token: &Token,
        typed: &str,
    ) -> Result<SignIn, AccountError> {
        let person = self.waiting(now, token).await?;
        let scope = self.count_second(now, person).await?;
        let tx = self.db().begin().await?;
        if !recovery::use_up(&tx, now, person, typed).await? {
            return Err(AccountError::Refused);
        }
        throttle::store::take_back(tx.conn(), &scope, now).await?;
        tx.commit().await?;
        self.end_waiting(now, token, person, Method::RecoveryCode)
            .await
    }

    /// Ends a sign-in whose person had to enrol a second factor, and now has.
    ///
    /// # Errors
    /// [`AccountError::Refused`]: they have none yet, or had one from the start and must show it.
    pub async fn enrolled_second(
        &self,
        now: Instant,
        token: &Token,
    ) -> Result<SignIn, AccountError> {
        let open =
            ceremony::look(self.db(), self.seal(), now, token, Purpose::SecondFactor).await?;
        let open = open.ok_or(AccountError::Gone)?;
        let person = open.person.ok_or(AccountError::Gone)?;
        let factors = self.factors(person).await?;
        if open.state.expose_secret() != "enrol" || !factors.has_second() {
            return Err(AccountError::Refused);
        }
        let method = if factors.passkeys > 0 {
            Method::Passkey
        } else {
            Method::Code
        };
        self.end_waiting(now, token, person, method).await
    }

    async fn waiting(&self, now: Instant, token: &Token) -> Result<PersonId, AccountError> {
        let open =
            ceremony::look(self.db(), self.seal(), now, token, Purpose::SecondFactor).await?;
        open.and_then(|open| open.person).ok_or(AccountError::Gone)
    }

    async fn end_waiting(
        &self,
        now: Instant,
        token: &Token,
        person: PersonId,
        method: Method,
    ) -> Result<SignIn, AccountError> {
        match ceremony::use_up(self.db(), now, token, Purpose::SecondFactor).await? {
            true => Ok(SignIn::proven(person, method)),
            false => Err(AccountError::Gone),
        }
    }

    /// Counts a try at the second factor. Whoever has the password has a million codes to try: they lock
    /// the password as wrong passwords do.
    async fn count_second(&self, now: Instant, person: PersonId) -> Result<Scope, AccountError> {
        let scope = Scope::Second(person);
        let tx = self.db().begin().await?;
        if let Err(until) = throttle::store::count(tx.conn(), &scope, now).await? {
            return Err(AccountError::Wait { until });
        }
        let account = store::account(tx.conn(), person).await?;
        if account.is_some_and(|account| account.password_locked()) {
            return Err(AccountError::Refused);
        }
        store::add_failures(tx.conn(), person, 1).await?;
        tx.commit().await?;
        Ok(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proven(factors: Factors) -> PasswordProven {
        PasswordProven {
            person: PersonId(uuid::Uuid::nil()),
            factors,
            age: TimeDelta::days(90),
        }
    }

    #[test]
    fn what_follows_the_password() {
        let only = Factors {
            password: true,
            ..Factors::default()
        };
        let codes = Factors {
            codes: true,
            ..only
        };
        let key = Factors {
            passkeys: 1,
            ..only
        };
        // Recovery codes without the app they stand in for are no second factor.
        let codes_on_paper = Factors {
            recovery_codes: 10,
            ..only
        };
        for (factors, demanded, next) in [
            (only, false, "sign in"),
            (only, true, "enrol"),
            (codes, false, "ask"),
            (codes, true, "ask"),
            (key, false, "ask"),
            (key, true, "ask"),
            (codes_on_paper, true, "enrol"),
        ] {
            let found = match proven(factors).next(demanded) {
                Next::SignIn(_) => "sign in",
                Next::SecondFactor(_) => "ask",
                Next::MustEnrolSecondFactor(_) => "enrol",
            };
            assert_eq!(found, next, "{factors:?} {demanded}");
        }
    }

    #[test]
    fn a_password_grows_old_only_where_the_policy_says_so() {
        let password = proven(Factors::default());
        assert!(!password.is_too_old(None));
        assert!(!password.is_too_old(Some(90)));
        assert!(password.is_too_old(Some(89)));
    }
}
