//! Whom the account can write to: the LINE user ids behind many residents at once.

mod store;
mod subscription;

pub use subscription::Subscription;

use crate::db::{Db, DbError};
use crate::ids::ResidentId;
use crate::line::UserId;

/// A resident as a sender sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Who.
    pub id: ResidentId,
    /// LINE's name for them.
    pub user: UserId,
    /// Whether they hear what is sent: LINE drops it for whoever has blocked the account.
    pub reachable: bool,
}

/// The residents of these numbers in ascending order, without those who are no longer held, or do not have
/// the `subscription` any more, if one is asked for. One statement, whose form does not depend on how many are
/// asked for.
///
/// # Errors
/// The database does not answer, or was opened without its key.
pub async fn addressees(
    db: &Db,
    ids: &[i64],
    subscription: Option<&Subscription>,
) -> Result<Vec<Addressee>, DbError> {
    store::addressees(db.conn(), db.seal()?, ids, subscription).await
}
