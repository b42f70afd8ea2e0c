//! The account, its window, and what it offers.

use std::collections::HashSet;

use chrono::Timelike;

use super::Check;
use crate::language::Language;
use crate::policy::profile::{Profile, Topic};

/// Most choices of one step: LINE shows 13 quick replies, and three are ours (next, none, back).
const MAX_CHOICES: usize = 10;
/// Most UTF-16 units of a topic's name: a button has 20, and the mark of a chosen one takes two.
const MAX_TOPIC: usize = 18;

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    check.within("profile", |check| {
        let version = &profile.profile.version;
        // It travels in buttons and addresses.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if version.is_empty() || version.len() > 40 || !version.chars().all(plain) {
            check.fault(
                "version",
                format!("version `{version}` is not usable; write letters, digits and hyphens, like \"2026-04-01\""),
            );
        }
    });
    check.within("source", |check| source(profile, check));
    check.within("operator", |check| operator(profile, check));
    check.within("inquiry", |check| inquiry(profile, check));
    check.within("reminder", |check| {
        reminder(profile, check);
        reminder_categories(profile, check);
    });
    if profile.topics.is_empty() || profile.topics.len() > MAX_CHOICES {
        check.fault(
            "topic",
            format!(
                "there are {} topics; write 1 to {MAX_CHOICES}",
                profile.topics.len()
            ),
        );
    }
    let mut seen = HashSet::new();
    check.each("topic", &profile.topics, |check, entry| {
        topic(entry, &mut seen, check)
    });
    check.each("statement", &profile.statements, |check, statement| {
        check.words("heading", &statement.heading);
        check.words("text", &statement.text);
    });
}

fn source(profile: &Profile, check: &mut Check<'_>) {
    let source = &profile.source;
    check.words("name", &source.name);
    check.words("short_name", &source.short_name);
    let decided = std::iter::once(&source.decided_on).chain(&source.amended_on);
    let dates: Vec<_> = decided.collect();
    if !dates.is_sorted() {
        check.fault(
            "amended_on",
            "the dates do not follow each other; write the oldest first, none before `decided_on`",
        );
    }
    let last = dates.last().map_or(source.decided_on, |last| **last);
    if last > profile.profile.effective_from {
        check.fault(
            "decided_on",
            format!("the policy was decided on {last}, but rules from {}; `effective_from` must not be earlier", profile.profile.effective_from),
        );
    }
}

fn operator(profile: &Profile, check: &mut Check<'_>) {
    let operator = &profile.operator;
    check.words("municipality", &operator.municipality);
    check.words("section", &operator.section);
    check.words("account_name", &operator.account_name);
    check.words("purpose", &operator.purpose);
    check.address("site", &operator.site);
    check.address("policy_page", &operator.policy_page);
    if let Some(id) = &operator.account_id
        && !id
            .strip_prefix('@')
            .is_some_and(|id| !id.is_empty() && id.is_ascii())
    {
        check.fault(
            "account_id",
            format!("`{id}` is no LINE ID; write one that begins with @"),
        );
    }
}

fn inquiry(profile: &Profile, check: &mut Check<'_>) {
    let inquiry = &profile.inquiry;
    check.words("window", &inquiry.window);
    check.words("hours", &inquiry.hours);
    check.some_words("opinions_name", inquiry.opinions_name.as_deref());
    check.address("opinions", &inquiry.opinions);
    let telephone = &inquiry.telephone;
    if telephone.is_empty() || !telephone.chars().all(|c| c.is_ascii_digit() || c == '-') {
        check.fault(
            "telephone",
            format!("`telephone` is `{telephone}`; write digits and hyphens, like 0123-45-6789"),
        );
    }
}

fn reminder(profile: &Profile, check: &mut Check<'_>) {
    let reminder = &profile.reminder;
    let offered = reminder.evening_before.len() + reminder.that_morning.len();
    if offered == 0 || offered > MAX_CHOICES {
        check.fault(
            "",
            format!("{offered} hours are offered; write 1 to {MAX_CHOICES} in all"),
        );
    }
    for (key, times) in [
        ("evening_before", &reminder.evening_before),
        ("that_morning", &reminder.that_morning),
    ] {
        check.once(key, times);
        if let Some(odd) = times.iter().find(|t| t.minute() % 10 != 0) {
            check.fault(
                key,
                format!(
                    "`{key}` has {}; reminders go out every ten minutes, so write :00, :10 … :50",
                    odd.format("%H:%M")
                ),
            );
        }
    }
}

fn reminder_categories(profile: &Profile, check: &mut Check<'_>) {
    let reminder = &profile.reminder;
    for (key, category) in [
        ("garbage_category", &reminder.garbage_category),
        ("childcare_category", &reminder.childcare_category),
    ] {
        let Some(id) = category else { continue };
        if !profile
            .category(id)
            .is_some_and(|category| category.enabled)
        {
            check.fault(
                key,
                format!("`{key}` is `{id}`, which is no category that may be used; write the id of a [[category]]"),
            );
        }
    }
}

fn topic<'p>(topic: &'p Topic, seen: &mut HashSet<&'p str>, check: &mut Check<'_>) {
    check.id(&topic.id, seen);
    if !topic.name.contains_key(Language::japanese().code()) {
        check.fault(
            "name",
            format!(
                "topic `{}` has no Japanese name; write name = {{ ja = \"…\" }}",
                topic.id
            ),
        );
    }
    for (code, name) in &topic.name {
        if let Err(error) = Language::parse(code) {
            check.fault("name", format!("topic `{}`: {error}", topic.id));
        }
        if name.is_empty() || name.encode_utf16().count() > MAX_TOPIC {
            check.fault(
                "name",
                format!(
                    "topic name `{name}` must have 1 to {MAX_TOPIC} characters to fit a button"
                ),
            );
        }
    }
}
