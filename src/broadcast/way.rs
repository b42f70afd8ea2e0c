//! The way of a draft through its deciders: the policy's route, and whoever else is to judge it.

use super::gates::{Finding, Gate, Severity};
use crate::approval::{Demand, Ground};
use crate::policy::{Decider, Drafter, Profile};

/// Who must agree, one after the other, and why. `None` when such drafters may not draft.
pub fn way(
    profile: &Profile,
    drafter: Drafter,
    category: &str,
    findings: &[Finding],
) -> Option<Vec<Demand>> {
    let route = profile.route(drafter, category)?;
    let mut way: Vec<Demand> = route
        .steps
        .iter()
        .map(|decider| Demand::of(*decider, Ground::Route))
        .collect();
    if route.needs_grant {
        // Until there are grants that hold for a term, the owner's chief grants each draft.
        ask(&mut way, Decider::OwnerChief, Ground::Route);
    }
    for finding in findings {
        if finding.severity != Severity::AsksChief {
            continue;
        }
        match &finding.gate {
            Gate::ChiefNote => ask(&mut way, Decider::OwnerChief, Ground::Category),
            Gate::Answered(..) => ask(&mut way, Decider::OwnerChief, Ground::Answer),
            Gate::OutOfHours => {
                let by = profile.sending.exception_by.unwrap_or(Decider::OwnerChief);
                ask(&mut way, by, Ground::OutOfHours);
            }
            _ => {}
        }
    }
    Some(way)
}

/// Adds a reason to a step that is on the way, or the step at its end.
fn ask(way: &mut Vec<Demand>, decider: Decider, ground: Ground) {
    match way.iter_mut().find(|demand| demand.decider == decider) {
        Some(demand) => {
            demand.grounds.insert(ground);
        }
        None => way.push(Demand::of(decider, ground)),
    }
}
