//! `kairan staff add`, `list` and `end`.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::audit::Actor;
use crate::clock::{Instant, date_in_japan};
use crate::commands::{DONE, FAILED, WRONG_INPUT};
use crate::db::Db;
use crate::staff::people::{self, End, FirstStart, Mail, Name, NewPerson, Number, PeopleError};
use crate::staff::{account, leaving};

/// `kairan staff …`.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Adds one of the first two system administrators; everybody else is added in the console.
    Add(Add),
    /// Lists who works here, with their posts today.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Ends everything a person holds, and opens a task for every secret they could have known.
    End {
        /// The person's number.
        number: String,
        /// Their last day; without it, at once.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<NaiveDate>,
    },
}

/// `kairan staff add`.
#[derive(Debug, Args)]
pub struct Add {
    /// As a system administrator: the only post that a command can give.
    #[arg(long, required = true)]
    pub admin: bool,
    /// The number by which the municipality knows the person.
    #[arg(long)]
    pub number: String,
    /// The person's name.
    #[arg(long)]
    pub name: String,
    /// The person's mail address.
    #[arg(long)]
    pub mail: Option<String>,
}

/// Adds, lists or ends; `public_url` is where invited people find us.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn run(
    db: &Db,
    public_url: &str,
    staff: &Staff,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    match staff {
        Staff::Add(person) => add(db, public_url, person, now, out, err).await,
        Staff::List { json } => list(db, *json, date_in_japan(now), out).await,
        Staff::End { number, on } => end(db, number, *on, now, out, err).await,
    }
}

async fn add(
    db: &Db,
    public_url: &str,
    asked: &Add,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let parsed = Number::parse(&asked.number).and_then(|number| {
        Ok(NewPerson {
            number,
            name: Name::parse(&asked.name)?,
            mail: asked.mail.as_deref().map(Mail::parse).transpose()?,
            organisation: None,
        })
    });
    let person = match parsed {
        Ok(person) => person,
        Err(wrong) => {
            writeln!(err, "{wrong}")?;
            return Ok(WRONG_INPUT);
        }
    };
    let tx = db.begin().await?;
    match people::add_administrator(&tx, now, &person).await {
        Ok(id) => {
            let link = account::invite(&tx, now, id).await?;
            tx.commit().await?;
            writeln!(out, "{}: a system administrator from today", person.number)?;
            writeln!(
                out,
                "Hand them this link; it is good once, for {} hours, and shown only now:\n{}",
                account::INVITATION_LIFETIME.num_hours(),
                link.link(public_url)
            )?;
            Ok(DONE)
        }
        Err(FirstStart::People(PeopleError::Db(cause))) => Err(cause.into()),
        Err(refused @ FirstStart::Over) => {
            writeln!(err, "{refused}")?;
            Ok(FAILED)
        }
        Err(refused) => {
            writeln!(err, "{refused}")?;
            Ok(WRONG_INPUT)
        }
    }
}

async fn list(db: &Db, as_json: bool, today: NaiveDate, out: &mut dyn Write) -> anyhow::Result<u8> {
    let roster = people::roster(db).await?;
    let mut persons: Vec<_> = roster.persons.values().collect();
    persons.sort_by(|a, b| a.number.cmp(&b.number));
    for person in persons {
        let posts: Vec<String> = roster
            .posts_of(person.id, today)
            .map(people::Post::label)
            .collect();
        let (number, name) = (person.number.as_str(), person.name.as_str());
        if as_json {
            let line = json!({
                "number": number,
                "name": name,
                "mail": person.mail.as_ref().map(Mail::as_str),
                "organisation": person.organisation.as_ref().map(|o| &o.name),
                "posts": posts,
                "last_day": person.ends_on,
            });
            writeln!(out, "{line}")?;
            continue;
        }
        let until = person.ends_on.map(|day| format!(" (until {day})"));
        let posts = match posts.is_empty() {
            true => "-".to_owned(),
            false => posts.join("、"),
        };
        writeln!(
            out,
            "{number}\t{name}\t{posts}{}",
            until.unwrap_or_default()
        )?;
    }
    Ok(DONE)
}

async fn end(
    db: &Db,
    number: &str,
    on: Option<NaiveDate>,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let known = match Number::parse(number) {
        Ok(number) => people::person_numbered(db, &number).await?,
        Err(_) => None,
    };
    let Some(person) = known else {
        writeln!(
            err,
            "nobody has the number `{number}`; `kairan staff list` shows all"
        )?;
        return Ok(WRONG_INPUT);
    };
    let end = on.map_or(End::AtOnce, End::After);
    let tx = db.begin().await?;
    match leaving::leave(&tx, now, &Actor::Operator, person, end).await {
        Ok(_) => tx.commit().await?,
        Err(PeopleError::Db(cause)) => return Err(cause.into()),
        Err(refused) => {
            writeln!(err, "{refused}")?;
            return Ok(WRONG_INPUT);
        }
    }
    match on.filter(|day| *day >= date_in_japan(now)) {
        Some(day) => writeln!(out, "{number}: everything ends with {day}")?,
        None => writeln!(out, "{number}: everything has ended")?,
    }
    for task in leaving::open_tasks(db).await? {
        if task.person == Some(person) {
            writeln!(out, "to be changed: {}", task.secret.label())?;
        }
    }
    Ok(DONE)
}
