//! `kairan rich-menu`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use secrecy::ExposeSecret;

use crate::commands::{DONE, FAILED, WRONG_INPUT, print};
use crate::config::{Fault, Settings};
use crate::conversation;
use crate::db::Db;
use crate::line::client::Client;
use crate::policy::Profile;
use crate::richmenu::{self, Folder, Menu};
use crate::startup;
use crate::table::{Finding, Source};

/// What to do with the menus under the chat.
#[derive(Debug, Subcommand)]
pub enum RichMenu {
    /// Checks the files and paints every menu in every language, for looking at. LINE is not asked.
    Render {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
        /// Where the pictures go, as `MENU.LANGUAGE.png`.
        #[arg(long, default_value = "rich-menus-rendered")]
        out: PathBuf,
    },
    /// Compares the files with LINE and says what `apply` would do, and why. Changes nothing.
    Plan {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
    },
    /// Makes LINE agree with the files. Cut off at any point, it is continued by the next run.
    Apply {
        /// Which menus.
        #[command(flatten)]
        menus: Menus,
    },
    /// Gives every resident the menu meant for them, as the nightly repair does.
    Link,
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

/// Which menus.
#[derive(Debug, Args)]
pub struct Menus {
    /// The folder with a folder for each menu.
    #[arg(long, default_value = "rich-menus")]
    menus: PathBuf,
}

/// Does it. `settings` are needed to reach LINE only.
///
/// # Errors
/// `out` or `err` cannot be written to.
pub async fn run(
    asked: &RichMenu,
    policy: Option<&Path>,
    settings: impl FnOnce() -> Result<Settings, Vec<Fault>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let menus = match asked {
        RichMenu::Render { menus, .. } | RichMenu::Plan { menus } | RichMenu::Apply { menus } => {
            menus
        }
        RichMenu::Link => return link(None, settings(), out, err).await,
        RichMenu::Disaster { state } => return link(Some(*state), settings(), out, err).await,
    };
    let profile = match startup::profile(policy) {
        Ok(profile) => profile,
        Err(faults) => return wrong(&faults, err),
    };
    let menus = match read(&menus.menus).and_then(|files| check(&profile, files)) {
        Ok(menus) => menus,
        Err(findings) => {
            print(&findings, err)?;
            return Ok(WRONG_INPUT);
        }
    };
    if let RichMenu::Render { out: folder, .. } = asked {
        return render(&menus, folder, out, err);
    }
    let line = match client(settings()) {
        Ok((_, line)) => line,
        Err(faults) => return wrong(&faults, err),
    };
    let found = match richmenu::look(&line).await {
        Ok(found) => found,
        Err(failure) => {
            writeln!(err, "{failure}")?;
            return Ok(FAILED);
        }
    };
    let plan = richmenu::plan(&menus, &found);
    let is_partial = plan.is_partial;
    for step in &plan.steps {
        writeln!(out, "{step}")?;
    }
    if plan.steps.is_empty() {
        writeln!(out, "LINE has the menus that the files describe")?;
    }
    if let RichMenu::Apply { .. } = asked
        && let Err(stopped) = richmenu::apply(&line, plan).await
    {
        writeln!(
            err,
            "{stopped}; what was done before stays, apply again to go on"
        )?;
        return Ok(FAILED);
    }
    if is_partial {
        writeln!(
            err,
            "LINE makes and deletes 100 menus an hour: apply again in an hour for the rest"
        )?;
        return Ok(FAILED);
    }
    Ok(DONE)
}

/// The settings and a client, or what is wrong with them.
fn client(settings: Result<Settings, Vec<Fault>>) -> Result<(Settings, Client), Vec<String>> {
    let settings =
        settings.map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>())?;
    let line = startup::line(&settings).map_err(|error| vec![error.to_string()])?;
    Ok((settings, line))
}

fn wrong(faults: &[String], err: &mut dyn Write) -> io::Result<u8> {
    faults
        .iter()
        .try_for_each(|fault| writeln!(err, "{fault}"))?;
    Ok(WRONG_INPUT)
}

/// Links everybody, after switching if asked to, and tells how far it is.
async fn link(
    state: Option<Disaster>,
    settings: Result<Settings, Vec<Fault>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let (settings, line) = match client(settings) {
        Ok(both) => both,
        Err(faults) => return wrong(&faults, err),
    };
    let db = match Db::connect(settings.database_url.expose_secret()).await {
        Ok(db) => db,
        Err(error) => {
            writeln!(err, "DATABASE_URL: the database cannot be used: {error}")?;
            return Ok(FAILED);
        }
    };
    let told = |linked| eprintln!("{linked} residents have their menu");
    let linked = match state {
        None => richmenu::link_everybody(&db, &line, told).await,
        Some(state) => richmenu::switch(&db, &line, state == Disaster::On, told).await,
    };
    match linked {
        Ok(linked) => {
            writeln!(out, "menus: {linked} residents linked")?;
            Ok(DONE)
        }
        Err(error) => {
            writeln!(err, "{error}; say it again to go on")?;
            Ok(FAILED)
        }
    }
}

/// The menus files describe, once they have no fault.
///
/// # Errors
/// Every fault.
pub fn check(profile: &Profile, files: Vec<(String, Source)>) -> Result<Vec<Menu>, Vec<Finding>> {
    richmenu::desired(profile, &Folder::of(files)?, conversation::is_postback)
}

/// Every file two levels down, with its path inside the folder.
///
/// # Errors
/// The folder, or a file of it, cannot be read.
pub fn read(folder: &Path) -> Result<Vec<(String, Source)>, Vec<Finding>> {
    let walk = || -> io::Result<Vec<(String, Source)>> {
        let mut files = Vec::new();
        for place in std::fs::read_dir(folder)? {
            let place = place?.path();
            if !place.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&place)? {
                let file = file?.path();
                let inside = file.strip_prefix(folder).unwrap_or(&file);
                let inside = inside.to_string_lossy().replace('\\', "/");
                if file.is_file() && !inside.starts_with("fonts/") {
                    let name = file.display().to_string();
                    files.push((inside, Source::new(name, std::fs::read(&file)?)));
                }
            }
        }
        Ok(files)
    };
    walk().map_err(|error| {
        let folder = Source::new(folder.display().to_string(), Vec::new());
        vec![folder.finding(
            1,
            None,
            format!("cannot be read: {error}; name it with --menus"),
        )]
    })
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
        let file = folder.join(format!("{}.{}.png", menu.folder, menu.language.code()));
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
