//! What happens besides, in the very transaction that sends: the disaster menu comes or goes, and the town's
//! record of evacuation orders follows what was said.

use uuid::Uuid;

use super::model::{Besides, Emergency};
use super::template::{Effect, Severity, Template};
use super::{EmergencyError, Terms};
use crate::area;
use crate::clock::Instant;
use crate::db::Tx;
use crate::evacuation::{self, NotOrdered};
use crate::ids::AreaId;
use crate::richmenu;

impl Besides {
    /// What an order changes follows it, unless somebody says otherwise.
    pub fn usual(template: &Template) -> Self {
        let orders = template.changes_orders();
        Self {
            menu: orders && template.severity == Severity::Danger,
            orders,
        }
    }
}

/// Does what was ticked. What orders nothing and lifts nothing leaves the record alone.
pub(super) async fn follow(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    emergency: &Emergency,
) -> Result<(), EmergencyError> {
    let Some(issue) = &emergency.issue else {
        return Ok(());
    };
    let template = terms.library.find(&issue.template);
    let template = template.ok_or(EmergencyError::Template)?;
    let effect = template.effect_of(&emergency.written.filled);
    if issue.besides.orders {
        match (effect, issue.corrects) {
            (Some(Effect::Withdraw), Some(wrong)) => {
                evacuation::withdraw(tx, now, wrong.0, issue.id.0).await?;
            }
            (Some(effect), _) => {
                let areas = issue.audience.areas(&area::directory_in(tx).await?);
                enter(tx, now, &areas, effect, issue.id.0).await?;
            }
            (None, _) => {}
        }
    }
    if issue.besides.menu {
        let disaster = match effect {
            Some(Effect::Evacuation(_)) => true,
            // A mistake that is taken back says nothing of what is in force besides.
            _ if template.ends_danger() && issue.corrects.is_some() => {
                evacuation::is_any_in_force(tx).await?
            }
            _ => !template.ends_danger(),
        };
        richmenu::set_disaster_in(tx, disaster).await?;
    }
    Ok(())
}

/// Puts an order on the town's record, or its end; `source` is what decided it.
pub(super) async fn enter(
    tx: &Tx,
    now: Instant,
    areas: &[AreaId],
    effect: Effect,
    source: Uuid,
) -> Result<(), NotOrdered> {
    match effect {
        Effect::Evacuation(level) => evacuation::issue(tx, now, areas, level, source).await,
        Effect::Lift => evacuation::lift(tx, now, areas, source).await.map(drop),
        // Of no mistake there is nothing to withdraw.
        Effect::Withdraw => Ok(()),
    }
}
