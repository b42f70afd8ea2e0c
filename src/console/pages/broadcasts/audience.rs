//! Whom a segment reaches, told while it is written.

use super::words;
use crate::area::Directory;
use crate::clock::{Instant, date_in_japan};
use crate::console::Desk;
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
