//! `kairan import jma FILE|feed`.

use std::io::Write;
use std::path::Path;

use crate::clock::Instant;
use crate::commands::{DONE, FAILED, WRONG_INPUT, read};
use crate::db::Db;
use crate::emergency::template::{self, About, Draft, Library, Where, compose, from_bulletin};
use crate::jma::{self, Bulletin, Feed, FeedBase, Intensity, NotTaken, Place};
use crate::mode::Mode;
use crate::policy::Profile;
use crate::startup;

/// Instead of a file: what the feed has.
const FEED: &str = "feed";

/// Takes in a telegram, or what the feed has, and says what a draft made of it would say. Nothing is sent.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn import(
    db: &Db,
    from: &Path,
    (policy, feed): (Option<&Path>, Option<FeedBase>),
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let profile = match startup::policy(policy) {
        Ok(document) => document.profile,
        Err(faults) => {
            for fault in faults {
                writeln!(err, "{fault}")?;
            }
            return Ok(WRONG_INPUT);
        }
    };
    let of_policy = profile
        .emergency
        .as_ref()
        .and_then(|rule| rule.jma.as_ref());
    let place = of_policy.map(Place::of).unwrap_or_default();
    if of_policy.is_none() {
        writeln!(
            err,
            "the policy does not say which areas are the municipality; write [emergency.jma], or no bulletin prepares a draft"
        )?;
    }
    let taken = if from == Path::new(FEED) {
        let Some(base) = feed else {
            writeln!(
                err,
                "KAIRAN_JMA_FEED: not given; write https://www.data.jma.go.jp/developer/xml/feed/"
            )?;
            return Ok(WRONG_INPUT);
        };
        fetched(db, now, &place, base).await
    } else {
        let Some(source) = read(from, err)? else {
            return Ok(WRONG_INPUT);
        };
        jma::take(db, now, &place, &source.bytes)
            .await
            .map(|taken| vec![taken])
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(NotTaken::NotABulletin(error)) => {
            writeln!(err, "{}:1: {error}", from.display())?;
            return Ok(WRONG_INPUT);
        }
        Err(error) => {
            writeln!(err, "{error}; say it again later")?;
            return Ok(FAILED);
        }
    };
    let library = library(db).await?;
    let least = of_policy.and_then(|jma| Intensity::of_code(&jma.intensity));
    for jma::Taken { bulletin, is_new } in &taken {
        let kept = if *is_new { "kept" } else { "known already" };
        writeln!(out, "jma: {}: {kept}", bulletin.source())?;
        say(bulletin, &library, least, &profile, now, out)?;
    }
    if taken.is_empty() {
        writeln!(out, "jma: nothing new")?;
    }
    Ok(DONE)
}

async fn fetched(
    db: &Db,
    now: Instant,
    place: &Place,
    base: FeedBase,
) -> Result<Vec<jma::Taken>, NotTaken> {
    let feed = Feed::new(base)?;
    let news = jma::fetch(db, now, place, &feed).await?;
    let taken = news.into_iter().map(|bulletin| jma::Taken {
        bulletin,
        is_new: true,
    });
    Ok(taken.collect())
}

/// What is in force, or would be from the first start.
async fn library(db: &Db) -> anyhow::Result<Library> {
    let library = template::in_force(db).await?;
    if library.all().next().is_some() {
        return Ok(library);
    }
    Library::builtin().map_err(|faults| {
        let fault = faults.first().map(ToString::to_string);
        anyhow::anyhow!("{}", fault.unwrap_or_default())
    })
}

fn say(
    bulletin: &Bulletin,
    library: &Library,
    least: Option<Intensity>,
    profile: &Profile,
    now: Instant,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let draft = least.and_then(|least| from_bulletin(library, bulletin, least));
    let Some(Draft { code, filled, .. }) = draft else {
        return Ok(writeln!(out, "  {}: no draft", bulletin.status.code())?);
    };
    let Some(template) = library.find(&code) else {
        return Ok(());
    };
    writeln!(out, "  draft {code} {}", template.name)?;
    let about = About {
        profile,
        places: Where::WholeTown,
        now,
    };
    match compose(template, Mode::Live, &filled, &about) {
        Ok(messages) => {
            let json = serde_json::to_value(&messages)?;
            let says = json[0]["altText"].as_str().unwrap_or_default();
            for line in says.lines() {
                writeln!(out, "  | {line}")?;
            }
        }
        Err(findings) => {
            for finding in findings {
                writeln!(out, "  ? {finding}")?;
            }
        }
    }
    Ok(())
}
