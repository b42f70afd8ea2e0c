//! An audience, from its first resident to its last.

use super::{Cut, NotCut, PAGE, READ, cut};
use crate::clock::Clock;
use crate::db::{Db, DbError};

/// How many residents are cut in one transaction. Each waits for a sender's, and a sender for it: few are better than
/// many, and none may last long.
const AT_ONCE: usize = 5 * PAGE;

/// Cuts what is left of `lent`, page after page, each in a transaction of its own; `ring` after each, since what
/// is cut can be sent. `read` gives the residents after a number, in ascending order, [`READ`] unless it is the
/// end. Ends early when it was stopped, or somebody else cuts it by now.
///
/// # Errors
/// `read` fails, or the database does not answer; others may then go on where it ended.
pub async fn cut_rest<E, F>(
    db: &Db,
    clock: &Clock,
    mut lent: Cut,
    read: impl Fn(i64) -> F,
    ring: impl Fn(),
) -> Result<(), E>
where
    E: From<DbError> + From<NotCut>,
    F: Future<Output = Result<Vec<i64>, E>>,
{
    loop {
        let people = read(lent.after).await?;
        let end = people.len() < READ;
        let mut left = people.as_slice();
        // Of nobody, it still is to be said that they are all.
        while end || !left.is_empty() {
            // What is cut first is on its way while the rest is being cut.
            let most = if lent.after == 0 { PAGE } else { AT_ONCE };
            let page = left.split_off(..left.len().min(most)).unwrap_or_default();
            let last = end && left.is_empty();
            let tx = db.begin().await?;
            lent = match cut(&tx, clock.now(), &lent, page, last).await {
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
}
