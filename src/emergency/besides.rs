//! What happens besides, in the very transaction that sends: the disaster menu comes or goes, and the town's
//! record of evacuation orders follows what was said.

use super::model::{Audience, Besides, Emergency};
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
        Self {
            menu: template.effect.is_some() && template.severity == Severity::Danger,
            orders: template.effect.is_some(),
        }
    }
}

/// Does what was ticked. A template that orders nothing and lifts nothing leaves the record alone.
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
    let effect = template.and_then(|template| template.effect_of(&emergency.written.filled));
    if issue.besides.menu {
        richmenu::set_disaster_in(tx, effect != Some(Effect::Lift)).await?;
    }
    if !issue.besides.orders {
        return Ok(());
    }
    let areas = areas(tx, &issue.audience).await?;
    let source = issue.id.0;
    match effect {
        Some(Effect::Evacuation(level)) => {
            evacuation::issue(tx, now, &areas, level, source).await?;
        }
        Some(Effect::Lift) => drop(evacuation::lift(tx, now, &areas, source).await?),
        None => {}
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
