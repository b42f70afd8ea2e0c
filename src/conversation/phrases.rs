//! Every sentence the conversation says. The words themselves stand in `languages/*/conversation.ftl`
//! and `registration.ftl`; here is what fills them.

use chrono::NaiveDate;

use super::intent::Item;
use crate::childcare::{self, Rule};
use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::language::Language;
use crate::policy::{Closed, Hours, Profile, ReplyMode};
use crate::resident::{Child, ChildKind, Consent, GarbageReminder, Letters, ReminderDay};

macro_rules! plain {
    ($($name:ident => $key:literal),+ $(,)?) => {
        $(pub(super) fn $name(language: Language) -> String {
            language.say($key, &[])
        })+
    };
}

plain! {
    add => "add",
    add_birth => "child-add-birth",
    add_due => "child-add-due",
    agree_and_register => "agree-and-register",
    ask_area => "area-ask",
    ask_children => "children-ask",
    ask_district => "area-ask-district",
    ask_kana_row => "area-ask-kana",
    ask_language => "language-ask",
    ask_letters => "letters-ask",
    ask_other_area => "other-area-ask",
    ask_reminder => "reminder-ask",
    area_gone => "area-gone",
    back => "back",
    children_many => "children-many",
    register => "register",
    words_only => "words-only",
    where_now => "where-now",
    by_kana => "area-by-kana",
    change => "change",
    child_month_odd => "child-month-odd",
    child_removed => "child-removed",
    children_done => "children-done",
    children_stopped => "children-stopped",
    continue_registration => "continue-registration",
    erase_all => "erase-all",
    erase_no => "erase-no",
    erase_question => "erase-question",
    erase_yes => "erase-yes",
    erased => "erased",
    help_button => "help-button",
    inquiry_button => "inquiry-button",
    kept => "kept",
    language_noted => "language-noted",
    later => "later",
    leave_as_is => "leave-as-is",
    left_off => "left-off",
    my_registration => "my-registration",
    near_misses => "near-misses",
    next_page => "next-page",
    no_children => "children-none",
    not_answered => "not-answered",
    not_consented => "not-consented",
    other_area => "other-area",
    other_district => "area-other-district",
    outside => "area-outside",
    outside_noted => "area-outside-noted",
    rather_not_say => "area-rather-not-say",
    registered => "registered",
    remove => "remove",
    removed => "removed",
    sorting_button => "sorting-button",
    sorting_help => "sorting-help",
    stop_children => "children-stop",
    skip => "skip",
    this_week => "this-week",
    today => "today",
    tomorrow => "tomorrow",
    topics_done => "topics-done",
    where_do_you_live => "where-do-you-live",
    disaster_button => "disaster-button",
    evacuation_button => "evacuation-button",
    old_button => "old-button",
    purposes_free => "purposes-free",
    purposes_title => "purposes-title",
    thanks => "thanks",
    topics_nothing => "topics-nothing",
}

pub(super) fn greeting(language: Language, profile: &Profile) -> String {
    let operator = &profile.operator;
    language.say(
        "greeting",
        &[
            ("account", operator.account_name.as_str().into()),
            ("municipality", operator.municipality.as_str().into()),
            ("section", operator.section.as_str().into()),
            ("policy", operator.policy_page.as_str().into()),
        ],
    )
}

/// What somebody on the staff is told who sent the code that links their chat.
pub(super) fn own_line(language: Language, linked: bool) -> String {
    let key = match linked {
        true => "own-line-linked",
        false => "own-line-unknown",
    };
    language.say(key, &[])
}

/// How large letters are called.
pub(super) fn letters(language: Language, letters: Letters) -> String {
    language.say(
        match letters {
            Letters::Usual => "letters-usual",
            Letters::Large => "letters-large",
        },
        &[],
    )
}

pub(super) fn letters_noted(language: Language, chosen: Letters) -> String {
    language.say(
        "letters-noted",
        &[("letters", letters(language, chosen).into())],
    )
}

/// What an item is asked for.
pub(super) fn purpose(language: Language, item: Item) -> String {
    let key = match item {
        Item::Area => "purpose-area",
        Item::Reminder => "purpose-reminder",
        Item::Topics => "purpose-topics",
        Item::Children => "purpose-children",
        Item::Language => "purpose-language",
        // Not asked on arrival: the question itself says it.
        Item::Letters => "letters-ask",
    };
    language.say(key, &[])
}

pub(super) fn purposes_promise(language: Language, profile: &Profile) -> String {
    language.say(
        "purposes-promise",
        &[("days", profile.retention.unreachable_days.into())],
    )
}

pub(super) fn welcome_back(language: Language, profile: &Profile) -> String {
    language.say(
        "welcome-back",
        &[("account", profile.operator.account_name.as_str().into())],
    )
}

pub(super) fn help(language: Language, profile: &Profile) -> String {
    language.say(
        "help",
        &[("account", profile.operator.account_name.as_str().into())],
    )
}

/// The fixed answer, as the policy lets it be given; `None` where it is silence.
pub(super) fn cannot_answer(language: Language, profile: &Profile, now: Instant) -> Option<String> {
    let window = || inquiry(language, profile, now).into();
    let replies = &profile.replies;
    match replies.mode {
        ReplyMode::None if replies.point_to_opinions => {
            let inquiry = &profile.inquiry;
            Some(language.say(
                "opinions-only",
                &[
                    ("form", opinions_name(language, profile).into()),
                    ("opinions", inquiry.opinions.as_str().into()),
                ],
            ))
        }
        ReplyMode::None => None,
        ReplyMode::Auto => Some(language.say("cannot-answer", &[("window", window())])),
        ReplyMode::Selective => {
            Some(language.say("cannot-answer-selective", &[("window", window())]))
        }
    }
}

/// The window; while it is closed, why and until when.
pub(super) fn inquiry(language: Language, profile: &Profile, now: Instant) -> String {
    let inquiry = &profile.inquiry;
    let window = language.say(
        "inquiry",
        &[
            ("window", inquiry.window.as_str().into()),
            ("telephone", inquiry.telephone.as_str().into()),
            ("hours", inquiry.hours.as_str().into()),
            ("form", opinions_name(language, profile).into()),
            ("opinions", inquiry.opinions.as_str().into()),
        ],
    );
    match closed(language, &profile.counter_hours, now) {
        Some(closed) => format!("{window}\n\n{closed}"),
        None => window,
    }
}

fn opinions_name(language: Language, profile: &Profile) -> String {
    match &profile.inquiry.opinions_name {
        Some(name) => name.clone(),
        None => language.say("opinions-form", &[]),
    }
}

fn closed(language: Language, hours: &Hours, now: Instant) -> Option<String> {
    if hours.is_open(now) {
        return None;
    }
    let why = match hours.why_closed(date_in_japan(now)) {
        Some(Closed::Holiday(holiday)) => {
            language.say("counter-holiday", &[("holiday", holiday.into())])
        }
        Some(Closed::YearEnd) => language.say("counter-year-end", &[]),
        Some(Closed::Exception(reason)) => {
            language.say("counter-exception", &[("reason", reason.into())])
        }
        Some(Closed::DayOfWeek) | None => language.say("counter-closed", &[]),
    };
    let next = hours.next_open(now).map(|at| {
        let civil = datetime_in_japan(at);
        language.say(
            "counter-next",
            &[
                ("date", language.date(civil.date()).into()),
                ("time", civil.format("%-H:%M").to_string().into()),
            ],
        )
    });
    Some(
        [Some(why), next]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// What the account can do in a disaster, under the `headline` of orders in force.
pub(super) fn disaster(language: Language, profile: &Profile, headline: &str) -> String {
    language.say(
        "disaster",
        &[
            ("headline", headline.into()),
            ("site", profile.operator.site.as_str().into()),
        ],
    )
}

/// The orders in force, and where more is said.
pub(super) fn evacuation(language: Language, profile: &Profile, status: &str) -> String {
    let site = profile.operator.site.as_str();
    let more = language.say("evacuation-site", &[("site", site.into())]);
    format!("{status}\n\n{more}")
}

pub(super) fn loss(language: Language, profile: &Profile, now: Instant) -> String {
    let window = inquiry(language, profile, now);
    language.say("loss", &[("window", window.into())])
}

pub(super) fn of_area(language: Language, area: &str) -> String {
    language.say("of-area", &[("area", area.into())])
}

pub(super) fn area_noted(language: Language, area: &str) -> String {
    language.say("area-noted", &[("area", area.into())])
}

pub(super) fn ask_area_in(language: Language, district: &str) -> String {
    language.say("area-ask-in", &[("district", district.into())])
}

pub(super) fn areas_found(language: Language, words: &str, count: usize) -> String {
    language.say(
        "area-found",
        &[("words", words.into()), ("count", count.into())],
    )
}

pub(super) fn no_area_found(language: Language, words: &str) -> String {
    language.say("area-none-found", &[("words", words.into())])
}

pub(super) fn kana_row(language: Language, row: &str) -> String {
    language.say("area-kana-row", &[("row", row.into())])
}

pub(super) fn reminder_label(language: Language, reminder: GarbageReminder) -> String {
    match reminder {
        GarbageReminder::Never => language.say("reminder-never", &[]),
        GarbageReminder::At(day, time) => {
            let key = match day {
                ReminderDay::Before => "reminder-before",
                ReminderDay::Same => "reminder-same",
            };
            language.say(key, &[("time", time.format("%-H:%M").to_string().into())])
        }
    }
}

pub(super) fn reminder_noted(language: Language, reminder: GarbageReminder) -> String {
    match reminder {
        GarbageReminder::Never => language.say("reminder-noted-never", &[]),
        GarbageReminder::At(..) => language.say(
            "reminder-noted",
            &[("when", reminder_label(language, reminder).into())],
        ),
    }
}

pub(super) fn topic_label(name: &str, chosen: bool) -> String {
    if chosen {
        format!("✓ {name}")
    } else {
        name.to_owned()
    }
}

/// What choosing topics ends with.
pub(super) fn topics_end(language: Language, chosen: &[&str]) -> String {
    if chosen.is_empty() {
        topics_nothing(language)
    } else {
        topics_done(language)
    }
}

pub(super) fn ask_topics(language: Language, chosen: &[&str]) -> String {
    if chosen.is_empty() {
        language.say("topics-ask", &[])
    } else {
        language.say(
            "topics-ask-more",
            &[("chosen", joined(language, chosen).into())],
        )
    }
}

pub(super) fn topics_noted(language: Language, chosen: &[&str]) -> String {
    if chosen.is_empty() {
        language.say("topics-noted-nothing", &[])
    } else {
        language.say(
            "topics-noted",
            &[("chosen", joined(language, chosen).into())],
        )
    }
}

pub(super) fn list_or_none(language: Language, names: &[&str]) -> String {
    if names.is_empty() {
        language.say("none", &[])
    } else {
        joined(language, names)
    }
}

fn joined(language: Language, names: &[&str]) -> String {
    names.join(&language.say("list-separator", &[]))
}

pub(super) fn child(language: Language, child: Child) -> String {
    let key = match child.kind {
        ChildKind::Born => "child-born",
        ChildKind::Due => "child-due",
    };
    language.say(
        key,
        &[
            // Numbers as text: a year is not written 2,026.
            ("year", child.month.year().to_string().into()),
            ("month", child.month.month().to_string().into()),
            (
                "month-name",
                language
                    .say(&format!("month-{}", child.month.month()), &[])
                    .into(),
            ),
        ],
    )
}

pub(super) fn child_noted(language: Language, noted: Child, new: bool) -> String {
    let key = if new {
        "child-noted"
    } else {
        "child-noted-already"
    };
    language.say(key, &[("child", child(language, noted).into())])
}

pub(super) fn still_useful(language: Language, lines: &[String]) -> String {
    let lines = [("lines", lines.join("\n").into())];
    language.say("child-still-useful", &lines)
}

/// Something that can be had until the month of `last`.
pub(super) fn still_useful_line(
    language: Language,
    rule: &Rule,
    last: Option<NaiveDate>,
) -> String {
    let until = last.map(|last| childcare::phrases::month(language, last));
    let values = [
        ("title", rule.title.clone().into()),
        ("until", until.unwrap_or_default().into()),
    ];
    let line = language.say("child-still-useful-line", &values);
    match &rule.link {
        Some(link) => format!("{line}\n{link}"),
        None => line,
    }
}

pub(super) fn remove_child(language: Language, removed: Child) -> String {
    language.say(
        "child-remove",
        &[("child", child(language, removed).into())],
    )
}

pub(super) fn item(language: Language, item: Item) -> String {
    let key = match item {
        Item::Area => "item-area",
        Item::Reminder => "item-reminder",
        Item::Topics => "item-topics",
        Item::Children => "item-children",
        Item::Language => "item-language",
        Item::Letters => "item-letters",
    };
    language.say(key, &[])
}

pub(super) fn change_item(language: Language, changed: Item) -> String {
    language.say("change-item", &[("item", item(language, changed).into())])
}

pub(super) fn remove_item(language: Language, removed: Item) -> String {
    language.say("remove-item", &[("item", item(language, removed).into())])
}

pub(super) fn consented(language: Language, consent: &Consent) -> String {
    let at = datetime_in_japan(consent.at);
    language.say(
        "consented",
        &[
            ("date", at.format("%Y-%m-%d %H:%M").to_string().into()),
            ("version", consent.version.as_str().into()),
        ],
    )
}
