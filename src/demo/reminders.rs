//! What sends by itself in the sample town: agreed to until the end of the fiscal year, but for one rule that
//! waits for its decision.

use anyhow::Context;
use kairan::approval::Verdict;
use kairan::clock::{Instant, date_in_japan};
use kairan::db::Db;
use kairan::policy::Profile;
use kairan::reminder::{self, Key, Wish};

use super::broadcasts::signed;

/// Who hands in garbage days, who everything else, and who decides.
const OWNER: &str = "1001";
const DRAFTER: &str = "2001";
const DECIDER: &str = "1002";

/// Hands them in and agrees to them, unless somebody has.
pub(super) async fn agree(db: &Db, now: Instant, profile: &Profile) -> anyhow::Result<()> {
    let notices = reminder::notices(db, profile).await?;
    if notices.iter().any(|notice| !notice.asked.is_empty()) {
        return Ok(());
    }
    let (owner, drafter) = (
        signed(db, now, OWNER).await?,
        signed(db, now, DRAFTER).await?,
    );
    let wish = Wish {
        until: Wish::usual(date_in_japan(now)),
        out_of_hours: None,
    };
    let tx = db.begin().await?;
    for notice in &notices {
        let by = match notice.key {
            Key::Garbage => &owner,
            Key::Childcare(_) => &drafter,
        };
        reminder::submit(&tx, now, by, profile, notice, wish.clone()).await?;
    }
    tx.commit().await?;

    let decider = signed(db, now, DECIDER).await?.person();
    let mut waiting = reminder::notices(db, profile).await?;
    // The last waits.
    waiting.pop();
    let tx = db.begin().await?;
    for notice in &waiting {
        let asked = notice.waiting().context("it was handed in just now")?;
        let seen = &asked.request.frozen.digest;
        reminder::decide(&tx, now, decider, notice, seen, Verdict::Agree(None)).await?;
    }
    tx.commit().await?;
    Ok(())
}
