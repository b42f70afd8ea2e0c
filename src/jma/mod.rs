//! Official bulletins (気象庁防災情報XML) as types: what the Japan Meteorological Agency says of one municipality.
//!
//! A bulletin prepares a draft and sends nothing: evacuation is the mayor's decision. Exercises and tests (訓練・試験)
//! are kept apart from the first line on.
//!
//! ```
//! use kairan::jma::Intensity;
//! assert!(Intensity::of_code("5-") > Intensity::of_code("4"));
//! // What telegrams write while a value has not come in is no value.
//! assert_eq!(Intensity::of_code("震度５弱以上未入電"), None);
//! ```

mod bulletin;
mod feed;
mod place;
mod read;
mod store;
mod xml;

use chrono::TimeDelta;

pub use bulletin::{
    Bulletin, Change, Earthquake, Facts, InfoType, Intensity, Outlook, Status, Tsunami,
    TsunamiKind, Warning,
};
pub use feed::{Feed, FeedBase, InvalidFeed, NotFetched};
pub use place::Place;
pub use read::{NotABulletin, read};

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};

/// How long bulletins are kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A bulletin that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// It.
    pub bulletin: Bulletin,
    /// It was not here before.
    pub is_new: bool,
}

/// A bulletin with what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// It.
    pub bulletin: Bulletin,
    /// A later one has withdrawn what was said (取消).
    pub is_withdrawn: bool,
    /// A later one has corrected it (訂正).
    pub is_corrected: bool,
    /// There is a later one about the same, that does not merely say that it goes on.
    pub is_followed: bool,
}

/// Why a telegram was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is no bulletin.
    #[error(transparent)]
    NotABulletin(#[from] NotABulletin),
    /// The feed.
    #[error(transparent)]
    NotFetched(#[from] NotFetched),
    /// The database.
    #[error("the bulletin could not be kept: {0}")]
    Db(#[from] DbError),
}

/// Takes a telegram in. The same one again changes nothing.
///
/// # Errors
/// It is no bulletin, or the database does not answer.
pub async fn take(
    db: &Db,
    now: Instant,
    place: &Place,
    telegram: &[u8],
) -> Result<Taken, NotTaken> {
    take_from(db, now, place, telegram, None).await
}

/// Takes in what the feeds have that is not here yet; gives that, oldest first. One that cannot be read is named in the
/// log and not asked for again while this `feed` lives.
///
/// # Errors
/// The feeds, or the database, do not answer. What was taken in stays.
pub async fn fetch(
    db: &Db,
    now: Instant,
    place: &Place,
    feed: &Feed,
) -> Result<Vec<Bulletin>, NotTaken> {
    let mut news = Vec::new();
    for changed in feed.changed(place).await? {
        let known = store::addresses(db.conn(), &changed.addresses).await?;
        for address in changed.unknown(&known) {
            let telegram = feed.telegram(&address).await?;
            match take_from(db, now, place, &telegram, Some(&address)).await {
                Ok(taken) if taken.is_new => news.push(taken.bulletin),
                Ok(_) => {}
                Err(NotTaken::NotABulletin(error)) => {
                    tracing::warn!(address, %error, "a telegram cannot be read; look at it yourself");
                    feed.give_up(address);
                }
                Err(error) => return Err(error),
            }
        }
        feed.settle(changed);
    }
    if !news.is_empty() {
        store::forget(db.conn(), now - KEPT).await?;
    }
    Ok(news)
}

/// Bulletins issued since, the newest first, whatever they are, each with what has become of it.
///
/// # Errors
/// The database does not answer.
pub async fn newest(db: &Db, place: &Place, since: Instant) -> Result<Vec<Known>, DbError> {
    Ok(known(store::since(db.conn(), place, since).await?))
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn newest_in(tx: &Tx, place: &Place, since: Instant) -> Result<Vec<Known>, DbError> {
    Ok(known(store::since(tx.conn(), place, since).await?))
}

/// Bulletins issued since, the newest first: those that are meant, and that nothing has withdrawn since.
///
/// # Errors
/// The database does not answer.
pub async fn since(db: &Db, place: &Place, since: Instant) -> Result<Vec<Bulletin>, DbError> {
    let standing = newest(db, place, since).await?.into_iter().filter(|known| {
        let meant = known.bulletin.status == Status::Actual;
        meant && known.bulletin.info != InfoType::Cancelled && !known.is_withdrawn
    });
    Ok(standing.map(|known| known.bulletin).collect())
}

/// What has become of each, the newest first.
fn known(bulletins: Vec<Bulletin>) -> Vec<Known> {
    let mut later: Vec<Bulletin> = Vec::new();
    let bulletins = bulletins.into_iter();
    bulletins
        .map(|bulletin| {
            let mut after = later.iter().filter(|other| other.follows(&bulletin));
            let known = Known {
                is_withdrawn: after.clone().any(|other| other.info == InfoType::Cancelled),
                is_corrected: after.clone().any(|other| other.info == InfoType::Corrected),
                is_followed: after.any(|other| other.overtakes(&bulletin)),
                bulletin: bulletin.clone(),
            };
            later.push(bulletin);
            known
        })
        .collect()
}

async fn take_from(
    db: &Db,
    now: Instant,
    place: &Place,
    telegram: &[u8],
    address: Option<&str>,
) -> Result<Taken, NotTaken> {
    let bulletin = read(telegram, place)?;
    let text = String::from_utf8_lossy(telegram);
    let is_new = store::add(db.conn(), now, (place, &bulletin), &text, address).await?;
    Ok(Taken { bulletin, is_new })
}
