//! Whoever is named to decide must exist, and whoever may draft must have a decider.

use std::collections::HashSet;

use super::Check;
use crate::policy::profile::{Called, Decider, Drafter, Emergency, Jma, Profile, Route};

/// A night is short.
const MOST_RUNGS: usize = 20;

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    let deciders = &profile.deciders;
    check.within("deciders", |check| {
        check.words("owner_chief", &deciders.owner_chief);
        check.some_words("owner_office", deciders.owner_office.as_deref());
        check.some_words("section_chief", deciders.section_chief.as_deref());
        check.some_words("contract_manager", deciders.contract_manager.as_deref());
    });
    if profile.route(Drafter::Owner, "").is_none() {
        check.fault("route", "nobody decides on the owner's drafts; write a [[route]] with drafter = \"owner\" for all categories");
    }
    let mut seen = HashSet::new();
    check.each("route", &profile.routes, |check, entry| {
        route(entry, profile, &mut seen, check);
    });
    check.within("sending", |check| {
        exists(
            "exception_by",
            profile.sending.exception_by.as_slice(),
            profile,
            check,
        );
    });
    check.within("suspension", |check| {
        exists("by", &profile.suspension.by, profile, check);
        if profile.suspension.by.is_empty() {
            check.fault("by", "nobody may stop all sending; name at least one");
        }
    });
    check.within("accounts", |check| {
        for (key, days) in [
            ("password_days", profile.accounts.password_days),
            ("unused_days", profile.accounts.unused_days),
        ] {
            if let Some(days) = days {
                check.number(key, days, 1, 3660);
            }
        }
    });
    check.within("contractors", |check| contractors(profile, check));
    if let Some(rule) = &profile.emergency {
        check.within("emergency", |check| emergency(rule, profile, check));
    }
}

fn route<'p>(
    route: &'p Route,
    profile: &Profile,
    seen: &mut HashSet<(Drafter, Option<&'p str>)>,
    check: &mut Check<'_>,
) {
    if route.steps.is_empty() {
        check.fault("steps", "nobody decides here; name at least one");
    }
    check.once("steps", &route.steps);
    exists("steps", &route.steps, profile, check);
    if route.drafter != Drafter::Contractor && route.steps.contains(&Decider::ContractManager) {
        check.fault(
            "steps",
            "`contract_manager` decides on contractors' drafts only",
        );
    }
    for category in &route.categories {
        match profile.category(category) {
            None => check.fault(
                "categories",
                format!("there is no category `{category}`; write the id of a [[category]]"),
            ),
            Some(known) if known.emergency && route.drafter == Drafter::Contractor => check.fault(
                "categories",
                format!("`{category}` is for emergencies, of which contractors never write; leave it out"),
            ),
            Some(_) => {}
        }
    }
    let ruled: Vec<Option<&str>> = match route.categories.is_empty() {
        true => vec![None],
        false => route.categories.iter().map(|c| Some(c.as_str())).collect(),
    };
    for category in ruled {
        if !seen.insert((route.drafter, category)) {
            check.fault(
                "",
                format!(
                    "a route before this one already rules {}; join them",
                    category.unwrap_or("all categories")
                ),
            );
        }
    }
}

fn contractors(profile: &Profile, check: &mut Check<'_>) {
    let drafts = profile
        .routes
        .iter()
        .any(|r| r.drafter == Drafter::Contractor);
    match &profile.contractors {
        None if drafts => check.fault("", "a [[route]] lets contractors draft, but there is no [contractors]; write it"),
        Some(_) if !drafts => check.fault("", "contractors may not draft: there is no [[route]] with drafter = \"contractor\"; write it, or leave [contractors] out"),
        Some(rule) => {
            exists("posters_named_by", &[rule.posters_named_by], profile, check);
            exists("abuse_told_to", &[rule.abuse_told_to], profile, check);
        }
        None => {}
    }
}

fn emergency(rule: &Emergency, profile: &Profile, check: &mut Check<'_>) {
    exists("concur", &[rule.concur], profile, check);
    exists("send", &[rule.send], profile, check);
    for (key, post) in [("concur", rule.concur), ("send", rule.send)] {
        if !matches!(post, Decider::OwnerChief | Decider::SectionChief) {
            check.fault(
                key,
                format!("`{}` is no chief; two chiefs confer", post.key()),
            );
        }
    }
    if rule.concur == rule.send {
        check.fault(
            "send",
            "the post that agrees and the post that sends are the same; two must confer",
        );
    }
    check.number("request_minutes", rule.request_minutes, 5, 240);
    check.number("deputy_minutes", rule.deputy_minutes, 1, 60);
    check.number("drift_percent", rule.drift_percent, 0, 50);
    if rule.phone_consent {
        check.fault(
            "phone_consent",
            "`phone_consent` is true; agreeing by telephone codes is not built, and nobody is promised what cannot be done; write false: without a data connection the other chief's deputy agrees, or other channels are used",
        );
    }
    ladder(rule, check);
    if let Some(jma) = &rule.jma {
        check.within("jma", |check| bulletins(jma, check));
    }
    if !profile.categories.iter().any(|c| c.emergency) {
        check.fault(
            "",
            "no category is for emergencies; write emergency = true in one",
        );
    }
}

/// The ladder begins at once with the chief, climbs, and calls deputies from when they may act.
fn ladder(rule: &Emergency, check: &mut Check<'_>) {
    let rungs = &rule.ladder;
    match rungs.first() {
        None => check.fault("rung", "nobody is called; write [[emergency.rung]]"),
        Some(first) if first.after_seconds != 0 || first.who != Called::Chief => check.fault(
            "rung",
            "the first rung calls the chief at once; write who = \"chief\" and after_seconds = 0",
        ),
        Some(_) => {}
    }
    if rungs.len() > MOST_RUNGS {
        check.fault(
            "rung",
            format!("more than {MOST_RUNGS} rungs; leave some out"),
        );
    }
    let last = rule.request_minutes.saturating_mul(60);
    let free = rule.deputy_minutes.saturating_mul(60);
    let mut before = 0;
    check.each("rung", rungs, |check, rung| {
        let after = rung.after_seconds;
        if after < before || after >= last {
            check.fault(
                "after_seconds",
                format!("`after_seconds` is {after}; rungs climb, and end before request_minutes"),
            );
        }
        before = after;
        if rung.by.is_empty() {
            check.fault("by", "nobody is called so; write \"sms\", \"mail\", \"push\" or \"voice\"");
        }
        check.once("by", &rung.by);
        let deputy = matches!(rung.who, Called::Deputy1 | Called::Deputy2);
        if deputy && after < free {
            check.fault(
                "after_seconds",
                format!("deputies may act {free} seconds after the request (deputy_minutes), and are called then or later"),
            );
        }
    });
    let first = rungs.iter().find(|rung| rung.who == Called::Deputy1);
    match first {
        Some(rung) if rung.after_seconds == free => {}
        _ => check.fault(
            "rung",
            format!("the first deputy is called when they may act; write a rung with who = \"deputy1\" and after_seconds = {free}"),
        ),
    }
}

fn bulletins(jma: &Jma, check: &mut Check<'_>) {
    let code = &jma.municipality;
    if !is_municipality(code) {
        check.fault(
            "municipality",
            format!("`{code}` is no 全国地方公共団体コード; write its six digits, the last of which checks the others, like \"131059\""),
        );
    }
    for (key, codes, digits) in [("wards", &jma.wards, 7), ("coast", &jma.coast, 3)] {
        check.once(key, codes);
        let odd =
            |code: &&String| code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit());
        if let Some(odd) = codes.iter().find(odd) {
            check.fault(key, format!("`{odd}` is no code; write {digits} digits"));
        }
    }
    if !["3", "4", "5-", "5+", "6-", "6+", "7"].contains(&jma.intensity.as_str()) {
        check.fault(
            "intensity",
            format!(
                "`{}` is no 震度; write \"3\", \"4\", \"5-\", \"5+\", \"6-\", \"6+\" or \"7\"",
                jma.intensity
            ),
        );
    }
}

/// The last digit is that of 11 − (6a + 5b + 4c + 3d + 2e) mod 11 (総務省, 全国地方公共団体コード仕様).
fn is_municipality(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let [a, b, c, d, e, last] = digits[..] else {
        return false;
    };
    let weighed = 6 * a + 5 * b + 4 * c + 3 * d + 2 * e;
    code.len() == 6 && last == (11 - weighed % 11) % 10
}

fn exists(key: &str, named: &[Decider], profile: &Profile, check: &mut Check<'_>) {
    for decider in named {
        if profile.deciders.title(*decider).is_none() {
            check.fault(
                key,
                format!(
                    "`{0}` has no name here; write {0} = \"…\" in [deciders]",
                    decider.key()
                ),
            );
        }
    }
}
