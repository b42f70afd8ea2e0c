//! Doing what is planned.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::allowance::{Scarce, spend};
use super::linking::{self, NotShown};
use super::model::{Menu, Name, NoPicture};
use super::plan::{Conflict, Plan, Step, Succession};
use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::line::client::{
    Accepted, Batch, BatchOperation, BatchPhase, Client, Failure, MenuImage, ResumeKey,
};
use crate::line::message::MessageError;
use crate::line::rich_menu::RichMenuId;
use crate::text::hex;

/// How long to wait before asking again how far a batch is, in seconds: ever longer, some ten minutes in all.
const PATIENCE: [u64; 24] = [
    1, 2, 5, 10, 20, 20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
];

/// Why not all is done. What is done stays done; planning again continues.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// LINE did not take a call.
    #[error("{step}: {failure}")]
    Line {
        /// What was being done.
        step: String,
        /// How it ended.
        failure: Box<Failure>,
    },
    /// A picture could not be made.
    #[error("{menu}: {cause}")]
    NoPicture {
        /// Whose.
        menu: Name,
        /// Why.
        cause: Box<NoPicture>,
    },
    /// LINE is still giving people the new menus; the old ones stay until it has.
    #[error("LINE is still relinking people; apply again in some minutes to delete the old menus")]
    StillRelinking,
    /// LINE could not give everybody the new menus; the old ones stay.
    #[error("LINE could not relink everybody; apply again to try once more")]
    NotRelinked,
    /// The files and what is there do not go together.
    #[error("nothing was done: {0}")]
    Conflict(Conflict),
    /// A step comes before the one that makes its menu.
    #[error("{0} would be shown before it is made: a fault of this program, please report it")]
    OutOfOrder(Name),
    /// Not everybody could be linked.
    #[error("link every resident to the menu meant for them: {0}")]
    NotShown(#[from] NotShown),
    /// The database did not answer.
    #[error("the database: {0}")]
    Db(#[from] DbError),
    /// The plan is none that LINE's limits allow.
    #[error(transparent)]
    Limits(#[from] MessageError),
}

/// Does what is planned, step by step; says how many steps it did. The menus are painted already, as
/// [`desired`](super::desired) gives them.
///
/// # Errors
/// See [`Stopped`].
pub async fn apply(
    db: &Db,
    line: &Client,
    now: Instant,
    mut plan: Plan<'_>,
) -> Result<usize, Stopped> {
    if let Some(conflict) = plan.conflicts.pop() {
        return Err(Stopped::Conflict(conflict));
    }
    let steps = std::mem::take(&mut plan.steps);
    // Before LINE hears of anything: what has no picture leaves nothing half made.
    let uploads = steps.iter().filter_map(|step| match step {
        Step::Upload { menu, .. } => Some(picture(menu)),
        _ => None,
    });
    let mut pictures = uploads.collect::<Result<VecDeque<MenuImage>, _>>()?;
    prepare(db, &plan).await?;
    for step in &steps {
        let stopped = |failure| Stopped::Line {
            step: step.to_string(),
            failure: Box::new(failure),
        };
        match step {
            Step::Create { menu, .. } => {
                spend(db, now, Scarce::Create).await?;
                let created = line.create_rich_menu(&menu.object).await.map_err(stopped)?;
                plan.ids.insert(menu.name.clone(), created.body);
            }
            Step::Upload { menu, resumed } => {
                let picture = pictures
                    .pop_front()
                    .ok_or_else(|| Stopped::OutOfOrder(menu.name.clone()))?;
                match line
                    .upload_rich_menu_image(id_of(&plan, menu)?, picture)
                    .await
                {
                    Ok(_) => {}
                    // It may have its picture from before; if not, LINE will not take the alias.
                    Err(Failure::Refused(refusal)) if *resumed && refusal.status == 400 => {}
                    Err(failure) => return Err(stopped(failure)),
                }
            }
            Step::PointAlias { menu, moves } => {
                let id = id_of(&plan, menu)?;
                let pointed = if *moves {
                    line.update_rich_menu_alias(&menu.alias, id).await
                } else {
                    line.create_rich_menu_alias(&menu.alias, id).await
                };
                pointed.map_err(stopped)?;
            }
            // Things may stand otherwise by now than when it was planned.
            Step::SetDefault(_) => {
                let front = |disaster| plan.ids.get(&plan.in_front(disaster)?.name);
                let shown = linking::put_in_front(db, line, front).await;
                shown.map_err(|error| match error {
                    NotShown::Line(failure) => stopped(failure),
                    other => other.into(),
                })?;
            }
            Step::LinkEverybody => linking::link_everybody(db, line).await?,
            Step::Relink(successions) => {
                // From here on nobody is to be shown what is about to go.
                store::renew(db.conn()).await?;
                spend(db, now, Scarce::Batch).await?;
                relink(line, &plan, successions, stopped).await?;
            }
            Step::DropAlias(alias) => {
                spend(db, now, Scarce::DropAlias).await?;
                gone(line.delete_rich_menu_alias(alias).await).map_err(stopped)?;
            }
            Step::Delete { id, .. } => {
                spend(db, now, Scarce::Delete).await?;
                gone(line.delete_rich_menu(id).await).map_err(stopped)?;
            }
        }
    }
    if !steps.is_empty() {
        // What was remembered of LINE on the way is stale.
        store::renew(db.conn()).await?;
    }
    Ok(steps.len())
}

/// What must hold before LINE shows anything new: taps on its cells are counted, and if who sees which has
/// changed, everybody will be linked anew once the new menus are there, even if this run is cut off.
async fn prepare(db: &Db, plan: &Plan<'_>) -> Result<(), DbError> {
    let cells = plan.desired.iter().flat_map(|menu| {
        let cells = menu.cells.iter();
        cells.map(|cell| (menu.folder.clone(), cell.clone()))
    });
    let tx = db.begin().await?;
    store::know_cells(tx.conn(), cells.collect::<BTreeSet<_>>()).await?;
    tx.commit().await?;
    if plan.is_new_rule {
        store::put_off(db.conn()).await?;
    }
    Ok(())
}

fn picture(menu: &Menu) -> Result<MenuImage, Stopped> {
    menu.picture().map_err(|cause| Stopped::NoPicture {
        menu: menu.name.clone(),
        cause: Box::new(cause),
    })
}

fn id_of<'a>(plan: &'a Plan<'_>, menu: &Menu) -> Result<&'a RichMenuId, Stopped> {
    plan.ids
        .get(&menu.name)
        .ok_or_else(|| Stopped::OutOfOrder(menu.name.clone()))
}

/// What is to go may be gone already: the answer to an earlier call was lost.
fn gone(outcome: Result<Accepted<()>, Failure>) -> Result<(), Failure> {
    match outcome {
        Err(Failure::Refused(refusal)) if refusal.status == 404 => Ok(()),
        other => other.map(drop),
    }
}

/// One batch for everybody, and the wait for its end: LINE allows three batches an hour.
async fn relink(
    line: &Client,
    plan: &Plan<'_>,
    successions: &[Succession<'_>],
    stopped: impl Fn(Failure) -> Stopped,
) -> Result<(), Stopped> {
    let mut key = Sha256::new();
    let mut operations = Vec::new();
    for Succession { from, to, .. } in successions {
        let from = from.clone();
        key.update(from.as_str());
        operations.push(match to {
            Some(menu) => {
                let to = id_of(plan, menu)?.clone();
                key.update(to.as_str());
                BatchOperation::Link { from, to }
            }
            None => BatchOperation::Unlink { from },
        });
    }
    // The same work has the same key, so that a lost answer does not start it twice.
    let key = hex(&key.finalize());
    let batch = Batch::new(operations, Some(ResumeKey::parse(&key)?))?;
    let started = line.start_rich_menu_batch(&batch).await.map_err(&stopped)?;
    let Some(request) = started.request_id else {
        return Err(Stopped::StillRelinking);
    };
    for pause in PATIENCE.map(Duration::from_secs) {
        let progress = line.rich_menu_batch_progress(&request).await;
        match progress.map_err(&stopped)?.body.phase {
            BatchPhase::Succeeded => return Ok(()),
            BatchPhase::Failed => return Err(Stopped::NotRelinked),
            BatchPhase::Ongoing | BatchPhase::Unknown => tokio::time::sleep(pause).await,
        }
    }
    Err(Stopped::StillRelinking)
}
