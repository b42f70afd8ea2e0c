//! An audience, from its first resident to its last.

use super::{Cut, NotCut, PAGE, READ, cut};
use crate::clock::Clock;
use crate::db::{Db, DbError};

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
        // What is cut first is on its way while the rest is being cut. After that, few transactions are better: each
        // waits for a sender's, and a sender for it.
        let first = match lent.after {
            0 => people.len().min(PAGE),
            _ => 0,
        };
        let (first, rest) = people.split_at(first);
        let all_at_once = first.len() == people.len();
        for (page, last) in [(first, end && all_at_once), (rest, end)] {
            if page.is_empty() && !last {
                continue;
            }
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
