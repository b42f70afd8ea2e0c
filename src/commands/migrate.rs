//! `kairan migrate up|down|status`.

use std::io::Write;

use clap::Subcommand;

use crate::commands::DONE;
use crate::db::Db;

/// What to do with the schema.
#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Applies what is missing.
    Up,
    /// Takes back the newest migrations, and what they held.
    Down {
        /// How many.
        #[arg(long, default_value_t = 1)]
        steps: u32,
    },
    /// Lists all migrations.
    Status,
}

/// Does it; afterwards the state is told.
///
/// # Errors
/// The database refuses, or `out` cannot be written to.
pub async fn run(db: &Db, migrate: &Migrate, out: &mut dyn Write) -> anyhow::Result<u8> {
    match migrate {
        Migrate::Up => db.migrate_up().await?,
        Migrate::Down { steps } => db.migrate_down(*steps).await?,
        Migrate::Status => {}
    }
    for migration in db.migration_status().await? {
        let state = if migration.applied {
            "applied"
        } else {
            "missing"
        };
        writeln!(out, "{state}  {}", migration.name)?;
    }
    Ok(DONE)
}
