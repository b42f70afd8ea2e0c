//! What happens besides, in the very transaction that sends: the disaster menu comes or goes, and the town's
//! record of evacuation orders follows what was said.

use super::model::{Audience, Besides, Emergency, Issue};
use super::template::{Effect, Severity, Template};
use super::{EmergencyError, Terms};
use crate::area;
use crate::clock::Instant;
use crate::db::Tx;
use crate::evacuation;
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
        change_orders(tx, now, issue, effect).await?;
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

async fn change_orders(
    tx: &Tx,
    now: Instant,
    issue: &Issue,
    effect: Option<Effect>,
) -> Result<(), EmergencyError> {
    let source = issue.id.0;
    match (effect, issue.corrects) {
        (Some(Effect::Evacuation(level)), _) => {
            let areas = areas(tx, &issue.audience).await?;
            evacuation::issue(tx, now, &areas, level, source).await?;
        }
        (Some(Effect::Lift), _) => {
            let areas = areas(tx, &issue.audience).await?;
            evacuation::lift(tx, now, &areas, source).await?;
        }
        (Some(Effect::Withdraw), Some(wrong)) => {
            evacuation::withdraw(tx, now, wrong.0, source).await?;
        }
        (Some(Effect::Withdraw), None) | (None, _) => {}
    }
    Ok(())
}

async fn areas(tx: &Tx, audience: &Audience) -> Result<Vec<AreaId>, EmergencyError> {
    Ok(match audience {
        Audience::WholeTown => {
            let directory = area::directory_in(tx).await?;
            directory.areas().map(|area| area.id).collect()
        }
        Audience::Areas(places) | Audience::SameAs { places, .. } => places.ids(),
    })
}
