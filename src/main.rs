//! `kairan`: reads the command line, and calls.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kairan::clock::{Clock, date_in_japan};
use kairan::commands::policy::Policy;
use kairan::commands::{self, WRONG_INPUT};
use kairan::config::{self, Settings};
use kairan::db::Db;
use kairan::telemetry::{self, LogForm};
use rustix::process::{Resource, Rlimit, setrlimit};
use secrecy::ExposeSecret;

#[cfg(feature = "demo")]
mod demo;

/// 回覧 Kairan: the back end of a municipality's LINE Official Account.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true)]
struct Kairan {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything on this machine, with a sample town and a simulated LINE: no credentials needed.
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
    /// Answers residents. Settings come from the environment; see .env.example.
    Serve,
    /// Brings the database's schema up to date, takes it back, or tells its state.
    #[command(subcommand)]
    Migrate(commands::migrate::Migrate),
    /// Checks settings, database, policy and LINE, and says what to do next.
    Doctor,
    /// Takes in what a town publishes. A wrong file changes nothing.
    #[command(subcommand)]
    Import(Import),
    /// Asks the collection calendar.
    #[command(subcommand)]
    Garbage(commands::garbage::Garbage),
    /// The operating policy: checks a profile, lists the versions recorded.
    #[command(subcommand)]
    Policy(Policy),
    /// The menus under the chat, from the files in rich-menus/.
    #[command(subcommand)]
    RichMenu(commands::rich_menu::RichMenu),
    /// Whom messages reach.
    #[command(subcommand)]
    Segment(commands::segment::Segment),
    /// Whether messages travel, and letting them go on.
    #[command(subcommand)]
    Delivery(commands::delivery::Delivery),
    /// Who works here; the console needs two system administrators to begin with.
    #[command(subcommand)]
    Staff(commands::staff::Staff),
    /// The record of who did what.
    #[command(subcommand)]
    Audit(commands::audit::Audit),
}

#[derive(Debug, Subcommand)]
enum Import {
    #[command(flatten)]
    File(FileImport),
    /// Residents another system knew: a CSV file of any length.
    Residents {
        /// The file.
        file: PathBuf,
    },
    /// Friends the account had before this server listened; verified accounts only.
    Followers,
}

#[derive(Debug, Subcommand)]
enum FileImport {
    Garbage(commands::garbage::Import),
    Childcare(commands::childcare::Import),
    /// Frequent questions: a CSV file with question,answer,synonyms,link,category.
    Faq {
        file: PathBuf,
    },
    /// Evacuation places: a CSV file in GSI's form or the municipal standard's.
    Shelters {
        file: PathBuf,
    },
    /// An official bulletin: a telegram's XML file, or `feed` for what KAIRAN_JMA_FEED has. Says what a draft would say.
    Jma {
        /// The file, or the word `feed`.
        from: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let asked = Kairan::parse();
    if let Err(error) = keep_memory_to_ourselves() {
        eprintln!("the system does not let this program forbid core dumps: {error}");
        return ExitCode::FAILURE;
    }
    match run(asked.command).await {
        Ok(code) => ExitCode::from(code),
        // Whoever reads our output (`… | head`) has read enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// In memory secrets are plain: no core dump is written of it, and no other program of this user reads it.
fn keep_memory_to_ourselves() -> std::io::Result<()> {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, nothing)?;
    // A program that takes core dumps through a pipe does not ask for that limit.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

async fn run(command: Command) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    let today = date_in_japan(now);
    let (out, err) = (&mut std::io::stdout(), &mut std::io::stderr());
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo).await,
        Command::Serve => {
            telemetry::start_logging(LogForm::Json, "info");
            commands::serve::run(Settings::from_env(), err).await
        }
        Command::Doctor => {
            telemetry::start_logging(LogForm::Plain, "error");
            commands::doctor::run(Settings::from_env(), now, out).await
        }
        Command::Policy(Policy::Check { file }) => Ok(commands::policy::check(&file, out, err)?),
        Command::Policy(Policy::List) => match migrated().await? {
            Ok(db) => commands::policy::list(&db, today, out).await,
            Err(code) => Ok(code),
        },
        Command::RichMenu(menu) => {
            let policy = Settings::policy_path();
            let policy = policy.as_deref();
            let settings = Settings::from_env;
            Ok(commands::rich_menu::run(&menu, policy, settings, now, out, err).await?)
        }
        Command::Migrate(migrate) => match database().await? {
            Ok(db) => commands::migrate::run(&db, &migrate, out).await,
            Err(code) => Ok(code),
        },
        Command::Garbage(garbage) => match migrated().await? {
            Ok(db) => Ok(commands::garbage::run(&db, &garbage, today, out, err).await?),
            Err(code) => Ok(code),
        },
        Command::Segment(segment) => match migrated().await? {
            Ok(db) => {
                let policy = Settings::policy_path();
                let policy = policy.as_deref();
                commands::segment::run(&db, &segment, policy, today, out, err).await
            }
            Err(code) => Ok(code),
        },
        Command::Delivery(delivery) => match migrated().await? {
            Ok(db) => Ok(commands::delivery::run(&db, &delivery, now, out, err).await?),
            Err(code) => Ok(code),
        },
        Command::Staff(staff) => match opened().await? {
            Ok(db) => match config::public_url(|name| std::env::var(name).ok()) {
                Ok(url) => Ok(commands::staff::run(&db, &url, &staff, now, out, err).await?),
                Err(fault) => {
                    eprintln!("{fault}");
                    Ok(WRONG_INPUT)
                }
            },
            Err(code) => Ok(code),
        },
        Command::Audit(audit) => {
            let db = match audit.needs_key() {
                true => opened().await?,
                false => migrated().await?,
            };
            match db {
                Ok(db) => Ok(commands::audit::run(&db, &audit, out, err).await?),
                Err(code) => Ok(code),
            }
        }
        Command::Import(Import::Followers) => {
            telemetry::start_logging(LogForm::Plain, "warn");
            commands::followers::import(Settings::from_env(), now, out, err).await
        }
        Command::Import(Import::Residents { file }) => match opened().await? {
            Ok(db) => {
                let policy = Settings::policy_path();
                commands::residents::import(&db, &file, policy.as_deref(), now, out, err).await
            }
            Err(code) => Ok(code),
        },
        Command::Import(Import::File(import)) => match migrated().await? {
            Ok(db) => match import {
                FileImport::Garbage(args) => {
                    Ok(commands::garbage::import(&db, &args, now, out, err).await?)
                }
                FileImport::Childcare(args) => {
                    Ok(commands::childcare::import(&db, &args, now, out, err).await?)
                }
                FileImport::Faq { file } => {
                    Ok(commands::faq::import(&db, &file, now, out, err).await?)
                }
                FileImport::Shelters { file } => {
                    Ok(commands::shelter::import(&db, &file, out, err).await?)
                }
                FileImport::Jma { from } => {
                    match config::jma_feed(|name| std::env::var(name).ok()) {
                        Ok(feed) => {
                            let policy = Settings::policy_path();
                            let asked = (policy.as_deref(), feed);
                            commands::jma::import(&db, &from, asked, now, out, err).await
                        }
                        Err(fault) => {
                            eprintln!("{fault}");
                            Ok(WRONG_INPUT)
                        }
                    }
                }
            },
            Err(code) => Ok(code),
        },
    }
}

/// The database alone; its address may be wrong.
async fn database() -> anyhow::Result<Result<Db, u8>> {
    telemetry::start_logging(LogForm::Plain, "warn");
    match config::database_url(|name| std::env::var(name).ok()) {
        Ok(url) => Ok(Ok(Db::connect(url.expose_secret()).await?)),
        Err(fault) => {
            eprintln!("{fault}");
            Ok(Err(WRONG_INPUT))
        }
    }
}

/// The database, up to date.
async fn migrated() -> anyhow::Result<Result<Db, u8>> {
    let db = database().await?;
    if let Ok(db) = &db {
        db.migrate_up().await?;
    }
    Ok(db)
}

/// The database, up to date, with the key to the personal data in it: only for commands that need it, since
/// a key that does not exist yet is made, and belongs to whoever runs the command.
async fn opened() -> anyhow::Result<Result<Db, u8>> {
    let db = match migrated().await? {
        Ok(db) => db,
        Err(code) => return Ok(Err(code)),
    };
    let key = config::data_key_file(|name| std::env::var(name).ok());
    match db.unsealed(&key).await {
        Ok(db) => Ok(Ok(db)),
        Err(fault) => {
            eprintln!("{fault}");
            Ok(Err(WRONG_INPUT))
        }
    }
}
