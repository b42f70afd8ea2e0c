//! `kairan rich-menu`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};

use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::commands::{DONE, FAILED, WRONG_INPUT, print};
use crate::config::{Fault, Settings};
use crate::conversation;
use crate::db::Db;
use crate::line::client::Client;
use crate::policy::{self, Profile, Rules};
pub use crate::richmenu::read;
use crate::richmenu::{self, Folder, Foreign, Menu, Progress, Tapped};
use crate::startup;
use crate::table::{Finding, Source};

/// What to do with the menus under the chat.
#[derive(Debug, Subcommand)]
pub enum RichMenu {
    /// Checks the files and paints every menu in every language and size, for looking at. LINE is not asked.
    Render {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
        /// Where the pictures go, as `MENU.LANGUAGE.png` and `MENU.LANGUAGE.large.png`.
        #[arg(long, default_value = "rich-menus-rendered")]
        out: PathBuf,
    },
    /// Compares the files with LINE and says what `apply` would do, and why. Changes nothing.
    Plan {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
        /// Which of LINE's menus.
        #[command(flatten)]
        of_others: OfOthers,
    },
    /// Makes LINE agree with the files. Cut off at any point, it is continued by the next run.
    Apply {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
        /// Which of LINE's menus.
        #[command(flatten)]
        of_others: OfOthers,
    },
    /// Gives every resident the menu meant for them who has another, as the nightly repair does.
    Link,
    /// How often each cell was tapped. Who tapped is not known.
    Taps {
        /// Over how many days, today included.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: u32,
    },
    /// Puts the disaster menu in front of everybody, or takes it away. Cut off, say it again.
    Disaster {
        /// Whether the disaster lasts.
        #[arg(value_enum)]
        state: Disaster,
    },
}

/// Whether a disaster lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Disaster {
    /// It has begun.
    On,
    /// It is over.
    Off,
}

/// What becomes of menus that something else made.
#[derive(Debug, Clone, Copy, Args)]
pub struct OfOthers {
    /// Removes menus that kairan did not make, with their aliases, too.
    #[arg(long)]
    foreign: bool,
}

impl From<OfOthers> for Foreign {
    fn from(of_others: OfOthers) -> Self {
        if of_others.foreign {
            Self::Remove
        } else {
            Self::Leave
        }
    }
}

/// Which menus.
#[derive(Debug, Args)]
pub struct Menus {
    /// The folder with a folder for each menu; KAIRAN_RICH_MENUS, or `rich-menus`, without it.
    #[arg(long)]
    menus: Option<PathBuf>,
}

/// Does it. `settings` are needed to reach LINE and the database only.
///
/// # Errors
/// `out` or `err` cannot be written to.
pub async fn run(
    asked: &RichMenu,
    policy: Option<&Path>,
    settings: impl FnOnce() -> Result<Settings, Vec<Fault>>,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let (menus, foreign) = match asked {
        RichMenu::Render { menus, .. } => (menus, Foreign::Leave),
        RichMenu::Plan { menus, of_others } | RichMenu::Apply { menus, of_others } => {
            (menus, Foreign::from(*of_others))
        }
        RichMenu::Link | RichMenu::Disaster { .. } | RichMenu::Taps { .. } => {
            return match open(settings()).await {
                Ok(opened) => at_work(asked, &opened, now, out, err).await,
                Err(faults) => wrong(&faults, err),
            };
        }
    };
    let folder = menus.menus.clone();
    let folder = folder.unwrap_or_else(Settings::menus_path);
    if let RichMenu::Render { out: pictures, .. } = asked {
        let profile = startup::policy(policy).map(|policy| policy.profile);
        return match profile.map(|profile| described(&profile, &folder)) {
            Ok(Ok(menus)) => render(&menus, pictures, out, err),
            Ok(Err(findings)) => refused(&findings, err),
            Err(faults) => wrong(&faults, err),
        };
    }
    let Opened { db, line } = match open(settings()).await {
        Ok(opened) => opened,
        Err(faults) => return wrong(&faults, err),
    };
    let profile = match in_force(&db, policy, now).await {
        Ok(profile) => profile,
        Err(faults) => return wrong(&faults, err),
    };
    let menus = match described(&profile, &folder) {
        Ok(menus) => menus,
        Err(findings) => return refused(&findings, err),
    };
    let found = match richmenu::look(&db, &line, now).await {
        Ok(found) => found,
        Err(failure) => {
            writeln!(err, "{failure}")?;
            return Ok(FAILED);
        }
    };
    let plan = richmenu::plan(&menus, &found, foreign);
    let (is_partial, more_at) = (plan.is_partial, plan.more_at);
    if !plan.conflicts.is_empty() {
        let conflicts: Vec<String> = plan.conflicts.iter().map(ToString::to_string).collect();
        return wrong(&conflicts, err);
    }
    for step in &plan.steps {
        writeln!(out, "{step}")?;
    }
    for name in &plan.left {
        writeln!(
            out,
            "leave {name}: something else made it; --foreign removes it"
        )?;
    }
    if plan.steps.is_empty() && !is_partial {
        writeln!(out, "LINE has the menus that the files describe")?;
    }
    if let RichMenu::Apply { .. } = asked
        && let Err(stopped) = richmenu::apply(&db, &line, now, plan).await
    {
        writeln!(
            err,
            "{stopped}; what was done before stays, apply again to go on"
        )?;
        return Ok(FAILED);
    }
    if is_partial {
        let at = datetime_in_japan(more_at.unwrap_or(now + TimeDelta::minutes(65)));
        writeln!(
            err,
            "LINE makes and deletes 100 menus an hour, and relinks everybody three times: apply again after {} for the rest",
            at.format("%H:%M")
        )?;
        return Ok(FAILED);
    }
    Ok(DONE)
}

/// The policy that rules residents' answers, too: the version in force, or, before any was adopted, the file that will
/// be the first.
async fn in_force(
    db: &Db,
    policy: Option<&Path>,
    now: Instant,
) -> Result<Arc<Profile>, Vec<String>> {
    match Rules::new(db.clone()).at(now).await {
        Ok(profile) => Ok(profile),
        Err(policy::Error::TooEarly { .. }) => startup::policy(policy).map(|policy| policy.profile),
        Err(error) => Err(vec![error.to_string()]),
    }
}

fn described(profile: &Profile, folder: &Path) -> Result<Vec<Menu>, Vec<Finding>> {
    read(folder).and_then(|files| check(profile, files))
}

fn refused(findings: &[Finding], err: &mut dyn Write) -> io::Result<u8> {
    print(findings, err)?;
    Ok(WRONG_INPUT)
}

/// What is needed to reach residents.
struct Opened {
    db: Db,
    line: Client,
}

/// The database and a client, or why there are none.
async fn open(settings: Result<Settings, Vec<Fault>>) -> Result<Opened, Vec<String>> {
    let settings =
        settings.map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>())?;
    let line = startup::line(&settings).map_err(|error| vec![error.to_string()])?;
    let db = startup::database(&settings.database_url, &settings.data_key_file)
        .await
        .map_err(|error| vec![error.to_string()])?;
    Ok(Opened { db, line })
}

fn wrong(faults: &[String], err: &mut dyn Write) -> io::Result<u8> {
    faults
        .iter()
        .try_for_each(|fault| writeln!(err, "{fault}"))?;
    Ok(WRONG_INPUT)
}

/// What needs no files: linking, switching, counting.
async fn at_work(
    asked: &RichMenu,
    Opened { db, line }: &Opened,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let told = |Progress { done, all }| eprintln!("{done} of {all} residents");
    let linked = match asked {
        RichMenu::Taps { days } => return taps(db, now, *days, out, err).await,
        RichMenu::Disaster { state } => {
            richmenu::switch(db, line, *state == Disaster::On, told).await
        }
        _ => richmenu::repair(db, line, told).await,
    };
    match linked {
        Ok(linked) => {
            writeln!(out, "menus: {linked} residents linked")?;
            Ok(DONE)
        }
        Err(error) => {
            writeln!(err, "{error}; say it again to go on where it stopped")?;
            Ok(FAILED)
        }
    }
}

async fn taps(
    db: &Db,
    now: Instant,
    days: u32,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let today = date_in_japan(now);
    let first = today - TimeDelta::days((days - 1).into());
    let taps = match richmenu::taps(db, first, today).await {
        Ok(taps) => taps,
        Err(error) => {
            writeln!(err, "the taps cannot be read: {error}")?;
            return Ok(FAILED);
        }
    };
    writeln!(out, "{:<20} {:<20} {:>9}", "menu", "cell", "taps")?;
    for tapped in &taps {
        let Tapped { menu, cell, times } = tapped;
        writeln!(out, "{menu:<20} {cell:<20} {times:>9}")?;
    }
    let sum: i64 = taps.iter().map(|tapped| tapped.times).sum();
    writeln!(out, "{:<20} {:<20} {sum:>9}", "all", "")?;
    Ok(DONE)
}

/// The menus files describe, once they have no fault.
///
/// # Errors
/// Every fault.
pub fn check(profile: &Profile, files: Vec<(String, Source)>) -> Result<Vec<Menu>, Vec<Finding>> {
    richmenu::desired(profile, &Folder::of(files)?, conversation::is_postback)
}

fn render(
    menus: &[Menu],
    folder: &Path,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    std::fs::create_dir_all(folder)?;
    let mut code = DONE;
    for menu in menus {
        let file = folder.join(format!(
            "{}.{}.png",
            menu.folder,
            menu.variant.code().replace('+', ".")
        ));
        match menu.picture_bytes() {
            Ok(bytes) => {
                std::fs::write(&file, &bytes)?;
                writeln!(out, "{} ({} KB)", file.display(), bytes.len() / 1024)?;
            }
            Err(error) => {
                writeln!(err, "{}: {error}", file.display())?;
                code = FAILED;
            }
        }
    }
    Ok(code)
}
