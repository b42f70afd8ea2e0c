//! `kairan serve`.

use std::io::Write;

use crate::clock::Clock;
use crate::commands::{DONE, FAILED, WRONG_INPUT};
use crate::config::{Fault, Settings};
use crate::policy;
use crate::startup::{self, NotStarted};
use crate::telemetry;

/// Runs until a signal says stop, and then until everything begun is done.
///
/// # Errors
/// `err` cannot be written to.
pub async fn run(
    settings: Result<Settings, Vec<Fault>>,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let policy = startup::policy(Settings::policy_path().as_deref());
    let (settings, policy) = match (settings, policy) {
        (Ok(settings), Ok(policy)) => (settings, policy),
        (settings, policy) => {
            // All at once: whoever mends settings wants to do it once.
            let settings = settings.err().unwrap_or_default();
            let policy = policy.err().unwrap_or_default();
            for fault in settings.iter().map(Fault::to_string).chain(policy) {
                writeln!(err, "{fault}")?;
            }
            return Ok(WRONG_INPUT);
        }
    };
    let counted = telemetry::start_counting()?;
    match startup::open(&settings, policy, Clock::system(), Some(counted)).await {
        Ok(running) => {
            running.work();
            tracing::info!(address = %running.address, "kairan is ready");
            let as_told = running.finish(stopped_by_signal()).await;
            tracing::info!("kairan has stopped; nothing was left half done");
            Ok(if as_told { DONE } else { FAILED })
        }
        Err(fault) => {
            writeln!(err, "{fault}")?;
            Ok(match fault {
                NotStarted::Policy(policy::Error::Db(_)) => FAILED,
                NotStarted::Policy(_)
                | NotStarted::Mode { .. }
                | NotStarted::Listen { .. }
                | NotStarted::Sealed(_)
                | NotStarted::Account(_)
                | NotStarted::SignOn(_) => WRONG_INPUT,
                NotStarted::Db(_)
                | NotStarted::Line(_)
                | NotStarted::Bulletins(_)
                | NotStarted::Calling(_) => FAILED,
            })
        }
    }
}

/// Returns when the process is asked to end: Ctrl-C, or SIGTERM from whoever runs it.
pub async fn stopped_by_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; only Ctrl-C stops this process cleanly");
            drop(interrupted.await);
        }
    }
}
