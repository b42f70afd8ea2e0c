//! `kairan doctor`: looks at everything the product needs, and says what to do next.

use std::io::Write;

use secrecy::ExposeSecret;

use crate::area;
use crate::clock::{Instant, datetime_in_japan};
use crate::commands::{DONE, FAILED};
use crate::config::{Fault, Settings};
use crate::conversation;
use crate::db::Db;
use crate::inbox;
use crate::jobs;
use crate::policy::{self, Document};
use crate::startup;

/// Words shown of those that found no answer.
const UNANSWERED: u64 = 5;
/// Words asked less often are not shown: they may say who asked.
const ASKED_OFTEN: i64 = 3;

/// What one look found.
enum Found {
    Good(String),
    /// It works, but somebody should look.
    Mind(String),
    Bad(String),
}

/// Looks at everything; exit code 1 when something is bad.
///
/// # Errors
/// `out` cannot be written to.
pub async fn run(
    settings: Result<Settings, Vec<Fault>>,
    now: Instant,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut found = Vec::new();
    match &settings {
        Ok(_) => found.push(Found::Good("settings: complete".into())),
        Err(faults) => found.extend(faults.iter().map(|f| Found::Bad(format!("settings: {f}")))),
    }
    match startup::policy(Settings::policy_path().as_deref()) {
        Ok(Document { profile, .. }) => found.push(Found::Good(format!(
            "policy: {} ({}), version {}",
            profile.operator.account_name, profile.operator.municipality, profile.profile.version
        ))),
        Err(faults) => found.extend(
            faults
                .into_iter()
                .map(|f| Found::Bad(format!("policy: {f}"))),
        ),
    }
    if let Ok(settings) = &settings {
        look_at_calling(settings, &mut found);
        match Db::connect(settings.database_url.expose_secret()).await {
            Ok(db) => look_at_database(&db, now, &mut found).await,
            Err(error) => found.push(Found::Bad(format!(
                "database: does not open: {error}; check DATABASE_URL and that the server is up"
            ))),
        }
        look_at_line(settings, &mut found).await;
    }
    let mut code = DONE;
    for look in found {
        let (mark, words) = match look {
            Found::Good(words) => ("ok  ", words),
            Found::Mind(words) => ("mind", words),
            Found::Bad(words) => {
                code = FAILED;
                ("BAD ", words)
            }
        };
        writeln!(out, "{mark} {words}")?;
    }
    Ok(code)
}

async fn look_at_database(db: &Db, now: Instant, found: &mut Vec<Found>) {
    match db.migration_status().await {
        Ok(known) => {
            let missing = known.iter().filter(|m| !m.applied).count();
            found.push(match missing {
                0 => Found::Good(format!(
                    "database: answers, {} migrations applied",
                    known.len()
                )),
                _ => Found::Bad(format!(
                    "database: {missing} migrations are missing; run `kairan migrate up`"
                )),
            });
            if missing > 0 {
                return;
            }
        }
        Err(error) => {
            found.push(Found::Bad(format!("database: does not answer: {error}")));
            return;
        }
    }
    match policy::rulebook(db).await {
        Ok(rulebook) => found.extend(rulebook.waiting().map(|version| {
            Found::Mind(format!(
                "policy: version {} waits to be adopted in the console by {}; until then the one before it rules",
                version.name(),
                version.profile().deciders.owner_chief
            ))
        })),
        Err(error) => found.push(Found::Bad(format!("policy: {error}"))),
    }
    found.push(match area::directory(db).await.map(|d| d.areas().count()) {
        Ok(0) => Found::Mind("garbage: no areas yet; run `kairan import garbage DIR`".into()),
        Ok(count) => Found::Good(format!("garbage: {count} areas")),
        Err(error) => Found::Bad(format!("garbage: {error}")),
    });
    match inbox::set_aside(db).await {
        Ok(events) if events.is_empty() => found.push(Found::Good("events: none set aside".into())),
        Ok(events) => found.extend(events.into_iter().map(|e| {
            Found::Bad(format!(
                "events: {} ({}) was set aside: {}; report it with this line",
                e.event_id, e.kind, e.error
            ))
        })),
        Err(error) => found.push(Found::Bad(format!("events: {error}"))),
    }
    match jobs::last_runs(db).await {
        Ok(runs) => found.extend(runs.into_iter().map(|run| {
            let when = run
                .due_at
                .map(|at| datetime_in_japan(at).format("%Y-%m-%d %H:%M").to_string());
            match (when, run.error, run.finished) {
                (None, ..) => Found::Mind(format!(
                    "job {}: has never run; `kairan serve` runs it",
                    run.job
                )),
                (Some(when), Some(error), _) => {
                    Found::Bad(format!("job {}: failed on {when}: {error}", run.job))
                }
                (Some(when), None, false) => Found::Mind(format!(
                    "job {}: began on {when} and has not ended",
                    run.job
                )),
                (Some(when), None, true) => late(run.job, run.due_at, now, &when),
            }
        })),
        Err(error) => found.push(Found::Bad(format!("jobs: {error}"))),
    }
    let mut words = conversation::unanswered_words(db, UNANSWERED)
        .await
        .unwrap_or_default();
    words.retain(|w| w.times >= ASKED_OFTEN);
    if !words.is_empty() {
        let words: Vec<String> = words
            .iter()
            .map(|w| format!("{} ({})", w.word, w.times))
            .collect();
        found.push(Found::Mind(format!(
            "words without an answer: {}; add them to the FAQ",
            words.join(", ")
        )));
    }
}

fn look_at_calling(settings: &Settings, found: &mut Vec<Found>) {
    for (given, channel, names) in [
        (
            settings.mail.is_some(),
            "mail",
            "KAIRAN_SMTP_URL and KAIRAN_MAIL_FROM",
        ),
        (
            settings.gateway.is_some(),
            "text message and voice",
            "KAIRAN_CALL_GATEWAY and KAIRAN_CALL_GATEWAY_SECRET",
        ),
    ] {
        found.push(match given {
            true => Found::Good(format!("calls: staff can be called by {channel}")),
            false => Found::Mind(format!(
                "calls: nobody on the staff is called by {channel} at night; give {names}"
            )),
        });
    }
}

fn late(job: &str, due_at: Option<Instant>, now: Instant, when: &str) -> Found {
    let known = job.parse::<jobs::Job>();
    let day = chrono::TimeDelta::hours(25);
    let pause = known.map_or(day, |job| job.every.step().max(day));
    if due_at.is_some_and(|at| now - at > pause) {
        Found::Mind(format!(
            "job {job}: last ran on {when}; is `kairan serve` up?"
        ))
    } else {
        Found::Good(format!("job {job}: last ran on {when}"))
    }
}

async fn look_at_line(settings: &Settings, found: &mut Vec<Found>) {
    let line = match startup::line(settings) {
        Ok(line) => line,
        Err(error) => return found.push(Found::Bad(format!("LINE: {error}"))),
    };
    match line.bot_info().await {
        Ok(answer) => {
            let bot = answer.body;
            found.push(Found::Good(format!(
                "LINE: the token speaks for {} ({})",
                bot.display_name, bot.basic_id
            )));
        }
        Err(failure) => {
            return found.push(Found::Bad(format!(
                "LINE: {failure}; check the token, or LINE_CHANNEL_ID and LINE_CHANNEL_SECRET"
            )));
        }
    }
    let ours = format!("{}/line/webhook", settings.public_url);
    found.push(match line.webhook_endpoint().await {
        Ok(answer) if !answer.body.active => {
            Found::Mind("LINE: the webhook is switched off; switch \"Use webhook\" on in the LINE Developers console".into())
        }
        Ok(answer) if answer.body.endpoint == ours => Found::Good(format!("LINE: posts events to {ours}")),
        Ok(answer) => Found::Mind(format!(
            "LINE: posts events to {}, not to {ours}; set it in the LINE Developers console, or mend KAIRAN_PUBLIC_URL",
            answer.body.endpoint
        )),
        Err(failure) => Found::Mind(format!(
            "LINE: no webhook address is set ({failure}); set {ours} in the LINE Developers console"
        )),
    });
}
