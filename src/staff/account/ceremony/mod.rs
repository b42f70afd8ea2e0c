//! Ceremonies: what we begin, somebody outside answers, and one answer ends. Their token lies in the
//! browser; their state here, sealed with whose answer it takes to what: a row made of parts of others opens no more.

pub(super) mod store;

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{AccountError, Token};
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::ids::PersonId;
use crate::seal::{NotOpened, Seal};

const COLUMN: &str = "ceremony.state";

/// What a ceremony is for. An answer to one never ends another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Register,
    SignIn,
    StepUp,
    Codes,
    SecondFactor,
    SingleSignOn,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::StepUp => "step_up",
            Self::Codes => "codes",
            Self::SecondFactor => "second_factor",
            Self::SingleSignOn => "single_sign_on",
        }
    }
}

/// What is kept until the answer comes.
pub(super) struct Beginning<'a> {
    pub purpose: Purpose,
    pub person: Option<PersonId>,
    /// A step-up's act and digest.
    pub bound: Option<(&'a str, &'a str)>,
    pub state: &'a str,
    pub lifetime: TimeDelta,
}

/// What was kept.
pub(super) struct Ceremony {
    pub person: Option<PersonId>,
    pub bound: Option<(String, String)>,
    pub state: SecretString,
}

/// What is sealed with a state.
fn asked(
    name: &str,
    purpose: &str,
    person: Option<PersonId>,
    bound: Option<(&str, &str)>,
) -> Value {
    json!({ "name": name, "purpose": purpose, "person": person, "bound": bound })
}

pub(super) async fn begin(
    tx: &Tx,
    seal: &Seal,
    now: Instant,
    beginning: Beginning<'_>,
) -> Result<Token, AccountError> {
    let token = Token::generate()?;
    let Beginning {
        purpose,
        person,
        bound,
        state,
        ..
    } = beginning;
    let asked = asked(&token.digest(), purpose.word(), person, bound);
    let sealed = json!({ "asked": asked, "state": state });
    let state = seal.text(COLUMN, &sealed.to_string())?;
    store::begin(tx.conn(), now, &token, beginning, state).await?;
    Ok(token)
}

/// What was begun, if it can still be ended. It remains.
pub(super) async fn look(
    db: &Db,
    seal: &Seal,
    now: Instant,
    token: &Token,
    purpose: Purpose,
) -> Result<Option<Ceremony>, AccountError> {
    let open = store::open(db.conn(), now, token, purpose).await?;
    open.map(|kept| opened(seal, kept)).transpose()
}

/// Ends it, durably: true for the first of all who try.
pub(super) async fn use_up(
    db: &Db,
    now: Instant,
    token: &Token,
    purpose: Purpose,
) -> Result<bool, AccountError> {
    let tx = db.begin().await?;
    let first = store::consume(tx.conn(), now, token, purpose).await?;
    tx.commit().await?;
    Ok(first)
}

/// Ends it, durably, and only then gives what was kept, so that nothing is believed twice.
pub(super) async fn end(
    db: &Db,
    seal: &Seal,
    now: Instant,
    token: &Token,
    purpose: Purpose,
) -> Result<Ceremony, AccountError> {
    let open = look(db, seal, now, token, purpose).await?;
    match (open, use_up(db, now, token, purpose).await?) {
        (Some(ceremony), true) => Ok(ceremony),
        _ => Err(AccountError::Gone),
    }
}

/// What was asked in the step-up of that name, and the evidence of how it was answered, if it was.
pub(super) async fn answered(
    tx: &Tx,
    seal: &Seal,
    name: &str,
) -> Result<Option<(Ceremony, String)>, AccountError> {
    let Some(mut kept) = store::answered(tx.conn(), name).await? else {
        return Ok(None);
    };
    let evidence = kept.evidence.take();
    let ceremony = opened(seal, kept)?;
    Ok(evidence.map(|evidence| (ceremony, evidence)))
}

fn opened(seal: &Seal, kept: store::Kept) -> Result<Ceremony, AccountError> {
    let strange = NotOpened { column: COLUMN };
    let sealed: Value =
        serde_json::from_str(&seal.open(COLUMN, &kept.state)?).map_err(|_| strange)?;
    let bound = kept.bound.as_ref();
    let bound = bound.map(|(act, digest)| (act.as_str(), digest.as_str()));
    let state = sealed["state"].as_str().ok_or(strange)?;
    if sealed["asked"] != asked(&kept.name, &kept.purpose, kept.person, bound) {
        return Err(strange.into());
    }
    Ok(Ceremony {
        person: kept.person,
        state: state.into(),
        bound: kept.bound,
    })
}
