//! Whom a segment reaches, told while it is written, and whom a broadcast does.

use super::words;
use crate::area::Directory;
use crate::broadcast::content::Audience;
use crate::broadcast::{self, Broadcast, Terms};
use crate::clock::{Instant, date_in_japan};
use crate::console::{Desk, Visitor};
use crate::delivery::{self, Progress};
use crate::ids::BroadcastId;
use crate::policy::Profile;
use crate::resident::counts::Told;
use crate::segment::{self, Use};
use crate::web::Refusal;

/// Most bytes of an expression: a hundred areas by name.
const LONGEST: usize = 4_000;

/// Whom it reaches, and how many.
pub(super) struct Heads {
    pub(super) says: String,
    pub(super) people: Told,
}

/// How many people.
pub(in crate::console) enum People {
    /// They were sent it.
    Sent(u64),
    /// What is to be corrected reached them, or may have.
    Mistaken(u64),
    /// So many are registered so now.
    Now(Told),
    /// Nobody can say yet.
    NotKnown,
}

/// Reads `expression`, checks that a message of `category`, if it is for one, may ask for it, and counts; or says
/// what is wrong with it.
pub(super) async fn heads(
    desk: &Desk,
    now: Instant,
    profile: &Profile,
    directory: &Directory,
    category: Option<&str>,
    expression: &str,
) -> Result<Result<Heads, String>, Refusal> {
    if expression.len() > LONGEST {
        let long = "配信対象が長すぎます。町域や受信カテゴリでまとめてください。";
        return Ok(Err(long.to_owned()));
    }
    let segment = match segment::parse(expression) {
        Ok(segment) => segment,
        Err(error) => return Ok(Err(segment::words::fault(&error))),
    };
    if let Some(category) = category {
        let purpose = profile.category(category).map_or(Use::News, Use::of);
        if let Err(beyond) = segment::check(profile, &segment, purpose) {
            let beyond: Vec<String> = beyond.iter().map(words::beyond).collect();
            return Ok(Err(beyond.join(" ")));
        }
    }
    let today = date_in_japan(now);
    let selection = match segment::select(directory, profile, today, &segment) {
        Ok(selection) => selection,
        Err(unknown) => return Ok(Err(segment::words::unknown(&unknown))),
    };
    Ok(Ok(Heads {
        says: segment::words::explain(profile, &segment),
        people: Told::of(segment::count(&desk.db, &selection).await?),
    }))
}

/// Whom it is for, and how many that are. Of what went out, delivery tells how many they were: nobody is counted
/// any more.
pub(super) async fn whom(
    visitor: &Visitor,
    desk: &Desk,
    terms: Terms<'_>,
    broadcast: &Broadcast,
    sent: Option<&Progress>,
) -> Result<(String, People), Refusal> {
    let sent = sent.map(|progress| People::Sent(progress.audience));
    match &broadcast.manuscript.audience {
        Audience::Corrected(wrong) => {
            let people = match sent {
                Some(sent) => sent,
                None => mistaken(desk, visitor.now, *wrong).await?,
            };
            Ok(("訂正する配信を受け取った方".to_owned(), people))
        }
        Audience::Segment(segment) if broadcast.head.dispatch.is_some() => {
            let says = segment::words::explain(terms.profile, segment);
            Ok((says, sent.unwrap_or(People::NotKnown)))
        }
        Audience::Segment(segment) => {
            let (category, text) = (&broadcast.head.category, segment.to_string());
            let Terms {
                profile, directory, ..
            } = terms;
            let category = Some(category.as_str());
            let heads = heads(desk, visitor.now, profile, directory, category, &text).await?;
            Ok(match heads {
                Ok(heads) => (heads.says, People::Now(heads.people)),
                Err(fault) => (fault, People::NotKnown),
            })
        }
    }
}

/// How many a mistake reached, or may have.
async fn mistaken(desk: &Desk, now: Instant, wrong: BroadcastId) -> Result<People, Refusal> {
    let wrong = broadcast::find(&desk.db, wrong).await?;
    let Some(dispatch) = wrong.and_then(|wrong| wrong.head.dispatch) else {
        return Ok(People::NotKnown);
    };
    let progress = delivery::progress(&desk.db, now, dispatch).await?;
    Ok(progress.map_or(People::NotKnown, |progress| {
        let people = progress.people;
        People::Mistaken(people.accepted + people.unknown + people.in_doubt)
    }))
}
