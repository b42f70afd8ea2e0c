//! The first start: two administrators by command, and from then on two people for every right.

use thiserror::Error;

use super::{
    NewPerson, PeopleError, Place, PostKind, Term, add_person, add_post, grant, roster_in,
};
use crate::audit::Actor;
use crate::clock::{Instant, date_in_japan};
use crate::db::{DbError, Tx};
use crate::ids::PersonId;

/// As many administrators as can agree to what one of them asked for.
const ENOUGH: usize = 2;

/// Why no administrator was added.
#[derive(Debug, Error)]
pub enum FirstStart {
    /// There are two: they give posts to others.
    #[error(
        "there are two system administrators already: more are added in the console, where one asks and \
         another agrees"
    )]
    Over,
    /// The person could not be added.
    #[error(transparent)]
    People(#[from] PeopleError),
}

impl From<DbError> for FirstStart {
    fn from(error: DbError) -> Self {
        Self::People(error.into())
    }
}

/// Adds a person who administers the system from today, without a second person's agreement: only while
/// fewer than two do. Invite them in the same transaction.
///
/// # Errors
/// There are two already, or the person cannot be added.
pub async fn add_administrator(
    tx: &Tx,
    now: Instant,
    person: &NewPerson,
) -> Result<PersonId, FirstStart> {
    let (today, by) = (date_in_japan(now), Actor::Operator);
    let id = add_person(tx, now, &by, person).await?;
    let roster = roster_in(tx).await?;
    if roster.administrators(today) >= ENOUGH {
        return Err(FirstStart::Over);
    }
    let mut posts = roster.posts.values();
    let post =
        match posts.find(|post| post.kind == PostKind::Administrator && !post.is_closed(today)) {
            Some(post) => post.id,
            None => {
                let kind = PostKind::Administrator;
                add_post(tx, now, &by, kind, "システム管理者", &Place::Town).await?
            }
        };
    grant(tx, now, &by, (post, id, Term::since(today)), None).await?;
    Ok(id)
}
