//! An audience, from its first page to its last.

use super::{Cut, NotCut, PAGE, cut};
use crate::clock::Clock;
use crate::db::{Db, DbError};

/// Cuts what is left of `lent`, page after page, each in a transaction of its own; `ring` after each, since what
/// is cut can be sent. `page` gives the residents after a number, in ascending order, [`PAGE`] at most. Ends
/// early when it was stopped, or somebody else cuts it by now.
///
/// # Errors
/// `page` fails, or the database does not answer; others may then go on where it ended.
pub async fn cut_rest<E, F>(
    db: &Db,
    clock: &Clock,
    mut lent: Cut,
    page: impl Fn(i64) -> F,
    ring: impl Fn(),
) -> Result<(), E>
where
    E: From<DbError> + From<NotCut>,
    F: Future<Output = Result<Vec<i64>, E>>,
{
    loop {
        let people = page(lent.after).await?;
        let last = people.len() < PAGE;
        let tx = db.begin().await?;
        lent = match cut(&tx, clock.now(), &lent, &people, last).await {
            Ok(lent) => lent,
            Err(NotCut::NotOurs) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        tx.commit().await?;
        ring();
        if last {
            return Ok(());
        }
    }
}
