//! What an approval covers, and where a notice stands.

use super::*;
use crate::childcare::{Anchor, Level};
use crate::policy::Document;

fn profile() -> Profile {
    let text = include_str!("../../policies/default.toml").to_owned();
    Profile::clone(&Document::parse(text).unwrap().profile)
}

fn rule() -> Rule {
    Rule {
        code: "checkup".into(),
        title: "健診".into(),
        notify_at: "P18M".parse().unwrap(),
        default_on: true,
        ..Rule::default()
    }
}

fn digest(rule: Rule, profile: &Profile) -> Digest {
    let key = Key::Childcare("checkup".into());
    let content = Content::of(&key, profile, &Timetable::new(vec![rule])).unwrap();
    content.digest(&key).unwrap()
}

#[test]
fn a_key_reads_back() {
    for text in ["garbage", "childcare/checkup-18m", "childcare/a/b"] {
        assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
    }
    for odd in ["", "tea", "childcare", "childcare/", "garbage/x"] {
        assert!(odd.parse::<Key>().is_err(), "{odd}");
    }
}

#[test]
fn whatever_residents_would_notice_of_a_rule_is_agreed_to() {
    let profile = profile();
    let agreed = digest(rule(), &profile);
    type Change = fn(&mut Rule);
    let changes: [(&str, Change); 13] = [
        ("title", |r| r.title.push('!')),
        ("text", |r| r.text.push('!')),
        ("link", |r| {
            r.link = Some("https://www.city.example.jp/".into())
        }),
        ("anchor", |r| r.anchor = Anchor::Due),
        ("notify_at", |r| r.notify_at = "P19M".parse().unwrap()),
        ("window_start", |r| {
            r.window_start = Some("P18M".parse().unwrap())
        }),
        ("window_end", |r| {
            r.window_end = Some("P24M".parse().unwrap())
        }),
        ("topic", |r| r.topic = Some("childcare".into())),
        ("default_on", |r| {
            r.default_on = false;
            r.topic = Some("childcare".into());
        }),
        ("areas", |r| r.areas.push("本町地区".into())),
        ("effective_from", |r| {
            r.effective_from = NaiveDate::from_ymd_opt(2027, 4, 1)
        }),
        ("effective_to", |r| {
            r.effective_to = NaiveDate::from_ymd_opt(2027, 3, 31)
        }),
        ("a day of the anchor", |r| {
            r.notify_at = "P18M1D".parse().unwrap()
        }),
    ];
    for (what, change) in changes {
        let mut changed = rule();
        change(&mut changed);
        assert_ne!(digest(changed, &profile), agreed, "{what}");
    }
    // What only staff read is theirs to change.
    for change in [
        (|r| r.note = Some("法12条".into())) as Change,
        |r| r.level = Level::Statutory,
        |r| r.stage = "健診など".into(),
    ] {
        let mut changed = rule();
        change(&mut changed);
        assert_eq!(digest(changed, &profile), agreed);
    }
    let mut other = profile.clone();
    other.reminder.childcare_category = Some("city".into());
    assert_ne!(digest(rule(), &other), agreed, "what it sounds like");
}

#[test]
fn of_garbage_days_the_hours_and_the_sentences_are_agreed_to() {
    let digest = |profile: &Profile| {
        let content = Content::of(&Key::Garbage, profile, &Timetable::default()).unwrap();
        content.digest(&Key::Garbage).unwrap()
    };
    let agreed = digest(&profile());
    let mut later = profile();
    later.reminder.evening_before.pop();
    assert_ne!(digest(&later), agreed);
    let mut without = profile();
    without.reminder.garbage_category = None;
    assert_eq!(
        Content::of(&Key::Garbage, &without, &Timetable::default()),
        None
    );
    let content = Content::of(&Key::Garbage, &profile(), &Timetable::default()).unwrap();
    let at_night = content.out_of_hours(Some("前日の夜に知らせるため".into()));
    assert_ne!(at_night.digest(&Key::Garbage).unwrap(), agreed);
}

#[test]
fn what_cannot_come_is_no_notice() {
    let off = Rule {
        default_on: false,
        ..rule()
    };
    let key = Key::Childcare("checkup".into());
    let of = |rule| Content::of(&key, &profile(), &Timetable::new(vec![rule]));
    assert_eq!(of(off), None);
    assert!(of(rule()).is_some());
    let gone = Content::of(&key, &profile(), &Timetable::default());
    assert_eq!(gone, None);
}
