//! Categories, questions, and reasons to remove.

use std::collections::HashSet;

use super::Check;
use crate::policy::profile::{Answer, Category, Profile, Question, ReplyMode};

/// Most categories a drafter chooses from.
const MAX_CATEGORIES: usize = 30;

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    if profile.categories.is_empty() || profile.categories.len() > MAX_CATEGORIES {
        check.fault(
            "category",
            format!(
                "there are {} categories; write 1 to {MAX_CATEGORIES}",
                profile.categories.len()
            ),
        );
    }
    let mut seen = HashSet::new();
    check.each("category", &profile.categories, |check, entry| {
        check.id(&entry.id, &mut seen);
        category(entry, check);
    });
    let mut seen = HashSet::new();
    check.each("question", &profile.questions, |check, entry| {
        check.id(&entry.id, &mut seen);
        question(entry, check);
    });
    check.not_empty("reason", &profile.reasons);
    let mut seen = HashSet::new();
    check.each("reason", &profile.reasons, |check, reason| {
        check.id(&reason.id, &mut seen);
        check.words("text", &reason.text);
    });
    check.within("removal", |check| {
        check.number("keep_days", profile.removal.keep_days, 1, 3660)
    });
    check.within("replies", |check| {
        if profile.replies.point_to_opinions && profile.replies.mode != ReplyMode::None {
            check.fault("point_to_opinions", "the fixed answer names the form for opinions anyway; leave `point_to_opinions` out unless mode = \"none\"");
        }
    });
}

fn category(category: &Category, check: &mut Check<'_>) {
    check.words("name", &category.name);
    check.some_words("label", category.label.as_deref());
    check.number("keep_days", category.keep_days, 1, 36_600);
    if let Some(quiet) = category.quiet_hours
        && quiet.from == quiet.to
    {
        check.fault(
            "quiet_hours",
            "`from` and `to` are the same; write sound = false if it is always quiet",
        );
    }
    if category.emergency && (!category.sound || category.quiet_hours.is_some()) {
        check.fault(
            "emergency",
            "an emergency always sounds; leave `sound` and `quiet_hours` out",
        );
    }
}

fn question(question: &Question, check: &mut Check<'_>) {
    check.words("ask", &question.ask);
    let both: Vec<Answer> = question
        .blocks
        .iter()
        .chain(&question.to_chief)
        .copied()
        .collect();
    let distinct: HashSet<Answer> = both.iter().copied().collect();
    if distinct.len() != both.len() {
        check.fault(
            "blocks",
            "an answer is named twice; it either blocks or goes to the chief",
        );
    }
    // What every answer passes is no question, and what every answer blocks is none either.
    if distinct.is_empty() || question.blocks.len() == 3 {
        check.fault("blocks", "name the answers that block (`blocks`) or go to the chief (`to_chief`), and let one pass");
    }
}
