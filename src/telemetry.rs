//! What operators see: JSON lines on standard error, and numbers for Prometheus.
//!
//! A log line reads alone and repeats its key as a field. The types that hold LINE user ids, tokens and what
//! residents said print masked.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Upper bounds of the histogram of events a commit stores.
const BATCH_SIZES: [f64; 8] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 2000.0];

/// Upper bounds of the histogram of envelopes lent in a turn.
const TURN_SIZES: [f64; 6] = [0.0, 1.0, 4.0, 8.0, 16.0, 32.0];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogForm {
    /// One JSON object a line, for machines that collect them.
    Json,
    /// Short lines for a person at a terminal.
    Plain,
}

/// Starts logging to standard error; `RUST_LOG` chooses what, `otherwise` where it is not set.
/// Does nothing when logging has already begun.
pub fn start_logging(form: LogForm, otherwise: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(otherwise));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match form {
        LogForm::Json => lines.json().with_span_list(false).try_init(),
        LogForm::Plain => lines.compact().with_target(false).try_init(),
    };
    // A second start in one process is a test's.
    drop(started);
}

/// Starts counting; the handle renders what was counted.
///
/// # Errors
/// Counting has already begun in this process.
pub fn start_counting() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("kairan_inbox_batch_events".to_owned()),
            &BATCH_SIZES,
        )?
        .set_buckets_for_metric(
            Matcher::Full("kairan_delivery_turn_envelopes".to_owned()),
            &TURN_SIZES,
        )?
        .install_recorder()?;
    metrics::describe_counter!(
        "kairan_webhook_requests_total",
        "Requests at the webhook, by outcome: stored, unsigned, malformed, not_stored."
    );
    metrics::describe_counter!(
        "kairan_events_total",
        "Webhook events, by outcome: stored, duplicate, handled, set_aside."
    );
    metrics::describe_counter!(
        "kairan_replies_total",
        "Replies, by outcome: accepted, refused, unknown, postponed, too_late."
    );
    metrics::describe_histogram!("kairan_inbox_batch_events", "Events stored by one commit.");
    metrics::describe_counter!(
        "kairan_db_statements_total",
        "Statements the database was given, by outcome: done, failed."
    );
    metrics::describe_counter!(
        "kairan_delivery_calls_total",
        "Lendings of envelopes, by outcome: accepted, again, refused, unknown, split, empty, not_called, not_ours."
    );
    metrics::describe_counter!(
        "kairan_delivery_people_total",
        "People to whom LINE accepted a message."
    );
    metrics::describe_histogram!(
        "kairan_delivery_turn_envelopes",
        "Envelopes lent in one transaction."
    );
    metrics::describe_gauge!(
        "kairan_delivery_held",
        "1 while nothing is sent until a person lifts the hold."
    );
    metrics::describe_gauge!(
        "kairan_events_set_aside",
        "Events waiting for a person to look at them."
    );
    Ok(handle)
}
