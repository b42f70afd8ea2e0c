//! Doing what is planned.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::model::{Menu, Name, NoPicture};
use super::plan::{Found, Plan, Step, Succession};
use crate::line::client::{
    Accepted, Batch, BatchOperation, BatchPhase, Client, Failure, ListedMenu, MenuImage, ResumeKey,
};
use crate::line::message::MessageError;
use crate::line::rich_menu::RichMenuId;

/// How long to wait before asking again how far a batch is, and how often.
const PATIENCE: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(30),
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
    /// A step comes before the one that makes its menu.
    #[error("{0} would be shown before it is made: a fault of this program, please report it")]
    OutOfOrder(Name),
    /// The plan is none that LINE's limits allow.
    #[error(transparent)]
    Limits(#[from] MessageError),
}

/// Asks LINE what it has.
///
/// # Errors
/// LINE does not answer.
pub async fn look(line: &Client) -> Result<Found, Failure> {
    let menus = line.list_rich_menus().await?.body;
    look_beyond(line, menus).await
}

/// Asks for the rest, once the menus are known.
pub(super) async fn look_beyond(line: &Client, menus: Vec<ListedMenu>) -> Result<Found, Failure> {
    let aliases = line.list_rich_menu_aliases().await?.body;
    let default = match line.default_rich_menu().await {
        Ok(default) => Some(default.body),
        // None, or one made in LINE's manager.
        Err(Failure::Refused(refusal)) if matches!(refusal.status, 403 | 404) => None,
        Err(failure) => return Err(failure),
    };
    Ok(Found {
        menus: menus
            .into_iter()
            .map(|menu| (menu.rich_menu_id, menu.name))
            .collect(),
        aliases: aliases.into_iter().collect(),
        default,
    })
}

/// Does what is planned, step by step; says how many steps it did.
///
/// # Errors
/// See [`Stopped`].
pub async fn apply(line: &Client, mut plan: Plan<'_>) -> Result<usize, Stopped> {
    let steps = std::mem::take(&mut plan.steps);
    for step in &steps {
        let stopped = |failure| Stopped::Line {
            step: step.to_string(),
            failure: Box::new(failure),
        };
        match step {
            Step::Create { menu, .. } => {
                let created = line.create_rich_menu(&menu.object).await.map_err(stopped)?;
                plan.ids.insert(menu.name.clone(), created.body);
            }
            Step::Upload { menu, resumed } => {
                let picture = paint(menu).await?;
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
            Step::SetDefault(menu) => {
                let id = id_of(&plan, menu)?;
                line.set_default_rich_menu(id).await.map_err(stopped)?;
            }
            Step::Relink(successions) => relink(line, &plan, successions, stopped).await?,
            Step::DropAlias(alias) => {
                gone(line.delete_rich_menu_alias(alias).await).map_err(stopped)?;
            }
            Step::Delete { id, .. } => {
                gone(line.delete_rich_menu(id).await).map_err(stopped)?;
            }
        }
    }
    Ok(steps.len())
}

async fn paint(menu: &Menu) -> Result<MenuImage, Stopped> {
    let name = menu.name.clone();
    let menu = menu.clone();
    // Some tenths of a second of pure computing.
    tokio::task::spawn_blocking(move || menu.picture())
        .await
        .unwrap_or(Err(NoPicture::Interrupted))
        .map_err(|cause| Stopped::NoPicture {
            menu: name,
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
    let key: String = key.finalize().iter().map(|b| format!("{b:02x}")).collect();
    let batch = Batch::new(operations, Some(ResumeKey::parse(&key)?))?;
    let started = line.start_rich_menu_batch(&batch).await.map_err(&stopped)?;
    let Some(request) = started.request_id else {
        return Err(Stopped::StillRelinking);
    };
    for pause in PATIENCE {
        let progress = line.rich_menu_batch_progress(&request).await;
        match progress.map_err(&stopped)?.body.phase {
            BatchPhase::Succeeded => return Ok(()),
            BatchPhase::Failed => return Err(Stopped::NotRelinked),
            BatchPhase::Ongoing | BatchPhase::Unknown => tokio::time::sleep(pause).await,
        }
    }
    Err(Stopped::StillRelinking)
}
