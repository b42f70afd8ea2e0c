//! The audit record's head leaves the machine: into the log, which is shipped elsewhere, and by mail to whoever keeps
//! it. Once it is there, nobody who owns the database can cut the record off or write it anew unnoticed.

use super::{Office, Undone};
use crate::audit::{self, Anchor};
use crate::calling::Mail;
use crate::clock::Instant;
use crate::staff::people;

/// Who keeps anchors, and the server over which they get them.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// The town's mail server.
    pub server: Mail,
    /// Where they read their mail.
    pub to: people::Mail,
}

/// Writes the anchor to the log, then mails it. May be repeated: it is then there twice.
pub(super) async fn anchor(office: &Office, now: Instant) -> Result<u64, Undone> {
    let head = audit::head(&office.db).await?;
    let anchor = Anchor::of(office.db.seal()?, now, head);
    tracing::info!(
        target: "kairan::audit::anchor",
        seq = anchor.seq(),
        %anchor,
        "the head of the audit record"
    );
    if let Some(keeper) = &office.keeper {
        let (subject, body) = anchor.letter();
        let id = format!("audit-{}-{}", anchor.seq(), now.timestamp());
        let post = keeper.server.post(now, &id, &keeper.to, &subject, body);
        post.await?;
    }
    Ok(1)
}
