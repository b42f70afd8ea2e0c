//! Quota, consumption, numbers of sent messages, aggregation units, insight.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::{Answer, Call, Outcome, World};
use crate::ledger;
use crate::options::Quota;

pub(super) fn quota(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::json(
        200,
        match world.options.quota {
            Quota::Unlimited => json!({ "type": "none" }),
            Quota::Limited(value) => json!({ "type": "limited", "value": value }),
        },
    ))
}

pub(super) fn consumption(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::json(
        200,
        json!({ "totalUsage": world.counts.usage(call.now) }),
    ))
}

/// A date of the query, `yyyyMMdd`.
fn date<'c>(call: &'c Call, name: &str) -> Result<&'c str, Answer> {
    call.query(name)
        .filter(|date| date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(|| invalid(name))
}

/// Numbers are ready on the next day.
pub(super) fn delivery(world: &mut World, call: &Call) -> Outcome {
    let via = match call.param(0) {
        "reply" => "reply",
        "push" => "push",
        "multicast" => "multicast",
        "broadcast" => "broadcast",
        _ => return Err(Answer::not_found()),
    };
    let date = date(call, "date")?;
    if date >= ledger::day(call.now).as_str() {
        return Ok(Answer::json(200, json!({ "status": "unready" })));
    }
    Ok(Answer::json(
        200,
        json!({ "status": "ready", "success": world.counts.on(date, via) }),
    ))
}

pub(super) fn unit_count(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::json(
        200,
        json!({ "numOfCustomAggregationUnits": world.counts.units(call.now).len() }),
    ))
}

pub(super) fn unit_list(world: &mut World, call: &Call) -> Outcome {
    let units = world.counts.units(call.now);
    let limit = call
        .query("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(100_usize)
        .clamp(1, 100);
    let start: usize = call
        .query("start")
        .and_then(|start| start.parse().ok())
        .unwrap_or_default();
    let page: Vec<_> = units.iter().skip(start).take(limit).collect();
    let mut body = json!({ "customAggregationUnits": page });
    if start + limit < units.len() {
        body["next"] = (start + limit).to_string().into();
    }
    Ok(Answer::json(200, body))
}

pub(super) fn followers(world: &mut World, call: &Call) -> Outcome {
    let date = date(call, "date")?;
    if date >= ledger::day(call.now).as_str() {
        return Ok(Answer::json(200, json!({ "status": "unready" })));
    }
    let friends = world.people.iter().filter(|person| person.friend).count();
    let blocks = world
        .people
        .iter()
        .filter(|person| person.friend && person.blocked)
        .count();
    let body = json!({ "status": "ready", "followers": friends, "targetedReaches": friends - blocks, "blocks": blocks });
    Ok(Answer::json(200, body))
}

/// How messages under a custom aggregation unit fared. A unit nobody sent under is answered with nothing.
pub(super) fn unit_statistics(world: &mut World, call: &Call) -> Outcome {
    let (from, to) = (date(call, "from")?, date(call, "to")?);
    if !(0..=30).contains(&span(from, to)) {
        return Err(invalid("to"));
    }
    let unit = call.query("customAggregationUnit").unwrap_or_default();
    let known = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !(1..=30).contains(&unit.len()) || !unit.bytes().all(known) {
        return Err(invalid("customAggregationUnit"));
    }
    Ok(Answer::json(
        200,
        world.readings.of(unit, from, to, call.now),
    ))
}

/// Days from one date to another; negative when one of them is none.
fn span(from: &str, to: &str) -> i32 {
    let days = |date| NaiveDate::parse_from_str(date, "%Y%m%d").map(|date| date.num_days_from_ce());
    match (days(from), days(to)) {
        (Ok(from), Ok(to)) => to - from,
        _ => -1,
    }
}

fn invalid(parameter: &str) -> Answer {
    Answer::error(
        400,
        format!("The value for the '{parameter}' parameter is invalid"),
    )
}

/// Too few people tap menus here: below 20 of them LINE gives the id alone.
pub(super) fn rich_menu_insight(world: &mut World, call: &Call) -> Outcome {
    let (from, to) = (date(call, "from")?, date(call, "to")?);
    let longest = if call.path.ends_with("/daily") {
        99
    } else {
        396
    };
    if !(0..=longest).contains(&span(from, to)) {
        return Err(invalid("to"));
    }
    if world.menus.get(call.param(0)).is_none() {
        return Err(Answer::not_found());
    }
    Ok(Answer::json(200, json!({ "richMenuId": call.param(0) })))
}
