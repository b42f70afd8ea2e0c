//! Whom a broadcast goes to, page by page, while it is sent already.

use super::content::Audience;
use super::deciding::Terms;
use super::sending::SOURCE;
use super::{BroadcastError, store};
use crate::clock::{Clock, date_in_japan};
use crate::db::Db;
use crate::delivery;
use crate::ids::BroadcastId;
use crate::segment::{self, Selection};

/// Residents of a broadcast, in ascending order.
enum Source {
    /// Whoever is selected.
    Selected(Selection),
    /// These.
    These(Vec<i64>),
}

/// Cuts the audience of the foremost broadcast that is on its way into envelopes, to its end; `ring` after
/// each page, since what is cut can be sent. False when there is none, or others are at them all.
///
/// # Errors
/// The database does not answer, or what was released cannot be read; others may then go on where it ended.
pub async fn cut_next(
    db: &Db,
    clock: &Clock,
    terms: Terms<'_>,
    ring: impl Fn(),
) -> Result<bool, BroadcastError> {
    let Some(cut) = delivery::cutting(db, clock.now(), SOURCE).await? else {
        return Ok(false);
    };
    let id: BroadcastId = cut.source_id.parse().map_err(|_| BroadcastError::Gone)?;
    let source = source(db, terms, id).await?;
    delivery::cut_rest(db, clock, cut, |after| source.page(db, after), ring).await?;
    Ok(true)
}

async fn source(db: &Db, terms: Terms<'_>, id: BroadcastId) -> Result<Source, BroadcastError> {
    let broadcast = store::find(db.conn(), id).await?;
    let broadcast = broadcast.ok_or(BroadcastError::Gone)?;
    let issue = broadcast.issue.ok_or(BroadcastError::Gone)?;
    match issue.audience {
        Audience::Segment(segment) => {
            // The same day for every page: who is how old does not change under way.
            let released = broadcast.head.released_at;
            let day = date_in_japan(released.ok_or(BroadcastError::Gone)?);
            let places = &issue.places;
            let selection = segment::select_in(places, terms.profile, day, &segment)?;
            Ok(Source::Selected(selection))
        }
        Audience::Corrected(wrong) => {
            let wrong = store::find(db.conn(), wrong).await?;
            let dispatch = wrong.and_then(|wrong| wrong.head.dispatch);
            let dispatch = dispatch.ok_or(BroadcastError::NotSent)?;
            Ok(Source::These(delivery::reached(db, dispatch).await?))
        }
    }
}

impl Source {
    async fn page(&self, db: &Db, after: i64) -> Result<Vec<i64>, BroadcastError> {
        match self {
            Self::Selected(selection) => {
                Ok(segment::page(db, selection, after, delivery::READ).await?)
            }
            Self::These(residents) => {
                let from = residents.partition_point(|resident| *resident <= after);
                let rest = residents[from..].iter().copied();
                Ok(rest.take(delivery::READ).collect())
            }
        }
    }
}
