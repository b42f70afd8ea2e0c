//! How old the means are by which staff prove who they are.

use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::ids::PersonId;

/// A person's means to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub person: PersonId,
    /// Since when the password is what it is, if there is one.
    pub password_set_at: Option<Instant>,
    /// An authenticator app is enrolled.
    pub code: bool,
    /// When each passkey was enrolled; revoked ones are left out.
    pub passkeys: Vec<Instant>,
}

/// Everybody's, of whoever has any.
///
/// # Errors
/// The database does not answer.
pub async fn credentials(db: &Db) -> Result<Vec<Credentials>, DbError> {
    store::credentials(db.conn()).await
}
