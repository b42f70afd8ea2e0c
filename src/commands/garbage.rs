//! `kairan import garbage` and `kairan garbage areas|next`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::area::{self, Area, Lookup};
use crate::audit::Actor;
use crate::clock::Instant;
use crate::commands::{DONE, FAILED, WRONG_INPUT, print};
use crate::db::{Db, DbError};
use crate::garbage::{self, Ambiguous, Effect, Options, Strictness};
use crate::table::Source;

/// Reads the town's collection calendar and sorting dictionary (5374 format).
#[derive(Debug, Args)]
pub struct Import {
    /// The folder with area_days.csv and the files beside it.
    dir: PathBuf,
    /// What becomes of collections on a plant's closed days.
    #[arg(long, value_enum, default_value = "skip")]
    closures: Closures,
    /// Import what can be used, although there are findings.
    #[arg(long)]
    lenient: bool,
    /// How to read months behind weekdays of two kinds (月 木 土5:8).
    #[arg(long, value_enum)]
    ambiguous: Option<Reading>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Closures {
    /// They are lost.
    Skip,
    /// Nth-weekday rules move a week later for the rest of the month.
    ShiftWeek,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reading {
    /// The months hold for every day before them.
    Published,
    /// The months hold for the last kind of day only.
    Intended,
}

/// Asks the stored calendar.
#[derive(Debug, Subcommand)]
pub enum Garbage {
    /// Lists the areas and what is collected there.
    Areas(Areas),
    /// Lists the collections of an area, past ones too.
    Next(Next),
}

/// `garbage areas`.
#[derive(Debug, Args)]
pub struct Areas {
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// `garbage next`.
#[derive(Debug, Args)]
pub struct Next {
    /// AREA, or DISTRICT/AREA where a name stands in several districts.
    #[arg(long)]
    area: String,
    /// The first day, YYYY-MM-DD; today when left out.
    #[arg(long)]
    from: Option<NaiveDate>,
    /// How many days, the first one included.
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=36_600))]
    days: u32,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Imports a folder. Findings and warnings go to `err`, what changed to `out`.
///
/// # Errors
/// `out` or `err` could not be written to.
pub async fn import(
    db: &Db,
    args: &Import,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let sources = match read_folder(&args.dir) {
        Ok(sources) => sources,
        Err(e) => {
            let dir = args.dir.display();
            writeln!(err, "{dir}: {e}; give a folder that holds area_days.csv")?;
            return Ok(WRONG_INPUT);
        }
    };
    let options = Options {
        closures: match args.closures {
            Closures::Skip => Effect::Skip,
            Closures::ShiftWeek => Effect::ShiftWeek,
        },
        ambiguous: args.ambiguous.map(|reading| match reading {
            Reading::Published => Ambiguous::Published,
            Reading::Intended => Ambiguous::Intended,
        }),
    };
    let strictness = match args.lenient {
        true => Strictness::Lenient,
        false => Strictness::Strict,
    };
    let by = Actor::Operator;
    let report = match garbage::import(db, now, by, &sources, options, strictness).await {
        Ok(report) => report,
        Err(e) => return failed(&e, err),
    };
    print(&report.findings, err)?;
    for warning in &report.warnings {
        writeln!(err, "warning: {warning}")?;
    }
    match (&report.changes, args.lenient) {
        (Some(changes), _) => {
            writeln!(out, "{changes}")?;
            Ok(DONE)
        }
        (None, lenient) => {
            let next = match lenient {
                true => "no area could be read",
                false => "mend them, or import the rest with --lenient",
            };
            let count = report.findings.len();
            writeln!(err, "nothing imported: {count} findings; {next}")?;
            Ok(WRONG_INPUT)
        }
    }
}

/// Asks the calendar.
///
/// # Errors
/// As [`import`].
pub async fn run(
    db: &Db,
    asked: &Garbage,
    today: NaiveDate,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    match asked {
        Garbage::Areas(args) => areas(db, args, out, err).await,
        Garbage::Next(args) => next(db, args, today, out, err).await,
    }
}

/// Lists the areas.
///
/// # Errors
/// As [`import`].
pub async fn areas(
    db: &Db,
    args: &Areas,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let areas = match garbage::areas(db).await {
        Ok(areas) => areas,
        Err(e) => return failed(&e, err),
    };
    for listed in areas {
        let Area { name, district, .. } = &listed.area;
        if args.json {
            let categories = &listed.categories;
            let line = json!({ "area": name, "district": district, "categories": categories });
            writeln!(out, "{line}")?;
        } else {
            writeln!(
                out,
                "{}: {}",
                listed.area.label(),
                listed.categories.join(", ")
            )?;
        }
    }
    Ok(DONE)
}

/// Lists the collections of an area.
///
/// # Errors
/// As [`import`].
pub async fn next(
    db: &Db,
    args: &Next,
    today: NaiveDate,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let directory = match area::directory(db).await {
        Ok(directory) => directory,
        Err(e) => return failed(&e, err),
    };
    let labels = |areas: &[&Area]| {
        areas
            .iter()
            .map(|area| area.label())
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let given = &args.area;
    let area = match directory.by_label(given) {
        Lookup::Found(area) => area,
        Lookup::Ambiguous(areas) => {
            let labels = labels(&areas);
            writeln!(
                err,
                "--area: “{given}” is the name of several areas; write {labels}"
            )?;
            return Ok(WRONG_INPUT);
        }
        Lookup::Missing(near) if near.is_empty() => {
            let list = "kairan garbage areas";
            writeln!(
                err,
                "--area: there is no area “{given}”; write one that `{list}` lists"
            )?;
            return Ok(WRONG_INPUT);
        }
        Lookup::Missing(near) => {
            let labels = labels(&near);
            writeln!(
                err,
                "--area: there is no area “{given}”; did you mean {labels}?"
            )?;
            return Ok(WRONG_INPUT);
        }
    };
    let calendar = match garbage::calendar(db, area.id).await {
        Ok(calendar) => calendar,
        Err(e) => return failed(&e, err),
    };
    for collection in calendar.collections(args.from.unwrap_or(today), args.days) {
        let (date, category) = (collection.date.to_string(), &collection.category.label);
        if args.json {
            let line = json!({ "date": date, "area": area.name, "category": category });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{date}  {category}")?;
        }
    }
    Ok(DONE)
}

fn failed(e: &DbError, err: &mut dyn Write) -> io::Result<u8> {
    tracing::error!(error = ?e, "the garbage calendar could not be read or written");
    writeln!(
        err,
        "the database did not answer; see the log, then run the command again"
    )?;
    Ok(FAILED)
}

/// Every CSV file of a folder, by name.
fn read_folder(dir: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let is_csv = path
            .extension()
            .is_some_and(|ext| ext.eq_ignore_ascii_case("csv"));
        if let Some(name) = path.file_name().filter(|_| is_csv && path.is_file()) {
            sources.push(Source::new(name.to_string_lossy(), std::fs::read(&path)?));
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}
