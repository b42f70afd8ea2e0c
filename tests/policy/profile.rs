//! What a profile may say, and what is said about one that says it wrongly.

use kairan::policy::{Decider, Drafter, Fault, Profile};

const DEFAULT: &str = include_str!("../../policies/default.toml");

fn faults_of(text: &str) -> Vec<Fault> {
    Profile::parse(text).err().unwrap_or_default()
}

#[test]
fn the_profiles_that_ship_have_no_fault() {
    for text in [DEFAULT, include_str!("../../sample-town/policy.toml")] {
        assert_eq!(faults_of(text), []);
    }
}

/// A fault: what stands in the default profile, what a clerk wrote instead, and what they are told.
const SLIPS: &[(&str, &str, &str)] = &[
    (
        "version = \"2026-04-01\"",
        "version = \"第二版\"",
        "letters, digits and hyphens",
    ),
    (
        "effective_from = 2026-04-01",
        "effective_from = 2026-03-01",
        "must not be earlier",
    ),
    (
        "amended_on = []",
        "amended_on = [2025-01-01]",
        "oldest first",
    ),
    (
        "policy_page = \"https://www",
        "policy_page = \"http://www",
        "https://",
    ),
    (
        "mode = \"auto\"",
        "mode = \"sometimes\"",
        "expected one of `none`, `auto`, `selective`",
    ),
    (
        "mode = \"auto\"",
        "mode = \"auto\"\npoint_to_opinions = true",
        "unless mode",
    ),
    (
        "days = \"月火水木金\"",
        "days = \"月火水木木\"",
        "write each once",
    ),
    (
        "from = \"08:30\", to = \"17:15\" }]",
        "from = \"17:15\", to = \"08:30\" }]",
        "is not before",
    ),
    (
        "to = \"17:15\" }]",
        "to = \"17:15\" }, { days = \"木\", from = \"17:00\", to = \"19:00\" }]",
        "overlap",
    ),
    (
        "exceptions = []",
        "exceptions = [{ date = 2026-12-28, from = \"08:30\", reason = \"仕事納め\" }]",
        "both `from` and `to`",
    ),
    (
        "closed_on = [\"holidays\"",
        "closed_on = [\"festivals\"",
        "expected `holidays` or `year_end`",
    ),
    (
        "owner_office = \"広報課\"",
        "owner_office = \"\"",
        "write it",
    ),
    ("section_chief = \"所管課長\"\n", "", "in [deciders]"),
    (
        "drafter = \"owner\"\nsteps = [\"owner_office\"]",
        "drafter = \"owner\"\nsteps = []",
        "nobody decides",
    ),
    (
        "steps = [\"owner_office\"]",
        "steps = [\"mayor\"]",
        "owner_office",
    ),
    (
        "steps = [\"owner_office\"]",
        "steps = [\"contract_manager\"]",
        "contractors' drafts only",
    ),
    (
        "categories = [\"other\"]",
        "categories = [\"others\"]",
        "no category `others`",
    ),
    (
        "drafter = \"owner\"\nsteps",
        "drafter = \"section\"\nsteps",
        "already rules",
    ),
    (
        "drafter = \"owner\"\nsteps",
        "drafter = \"contractor\"\nsteps",
        "[contractors]",
    ),
    (
        "id = \"city\"\nname = \"市政\"",
        "id = \"safety\"\nname = \"市政\"",
        "stands twice",
    ),
    (
        "quiet_hours = { from = \"21:00\"",
        "quiet_hours = { from = \"07:00\"",
        "the same",
    ),
    (
        "emergency = true",
        "emergency = true\nsound = false",
        "always sounds",
    ),
    (
        "emergency = true",
        "emergency = false",
        "no category is for emergencies",
    ),
    (
        "after_seconds = 0\n",
        "after_seconds = 5\n",
        "calls the chief at once",
    ),
    (
        "after_seconds = 120\n",
        "after_seconds = 50\n",
        "rungs climb",
    ),
    (
        "after_seconds = 480\n",
        "after_seconds = 3600\n",
        "end before request_minutes",
    ),
    (
        "deputy_minutes = 3",
        "deputy_minutes = 4",
        "after_seconds = 240",
    ),
    (
        "who = \"deputy1\"",
        "who = \"deputy2\"",
        "the first deputy is called",
    ),
    (
        "who = \"deputy1\"",
        "who = \"mayor\"",
        "unknown variant `mayor`",
    ),
    ("by = [\"voice\"]", "by = []", "nobody is called so"),
    (
        "by = [\"voice\"]",
        "by = [\"voice\", \"voice\"]",
        "write each once",
    ),
    (
        "by = [\"voice\"]",
        "by = [\"line\"]",
        "unknown variant `line`",
    ),
    (
        "blocks = [\"no\", \"unsure\"]",
        "blocks = [\"no\", \"unsure\", \"yes\"]",
        "let one pass",
    ),
    (
        "to_chief = [\"unsure\"]",
        "to_chief = [\"yes\"]",
        "named twice",
    ),
    (
        "own = [\"www.city.example.jp\"]",
        "own = [\"https://www.city.example.jp\"]",
        "without https://",
    ),
    (
        "own = [\"www.city.example.jp\"]",
        "own = [\"www.town.example.jp\"]",
        "not among the own hosts",
    ),
    (
        "denied = []",
        "denied = [\"line.me\"]",
        "stands in `allowed` too",
    ),
    (
        "require = [\"opened\"]",
        "require = [\"opened\", \"opened\"]",
        "write each once",
    ),
    ("id = \"slander\"", "id = \"Slander\"", "lower-case"),
    (
        "field = \"area\"",
        "field = \"religion\"",
        "unknown variant `religion`",
    ),
    (
        "field = \"area\"",
        "field = \"topics\"",
        "registered 2 times",
    ),
    (
        "keep = \"answer\"",
        "keep = \"registration\"",
        "until the `answer`",
    ),
    (
        "unreachable_days = 30",
        "unreachable_dayz = 30",
        "unreachable_dayz",
    ),
    ("event_days = 30", "event_days = 0", "1 to 3660"),
    (
        "recipient_days = 92",
        "recipient_days = 6",
        "must still be corrected",
    ),
    ("\"19:00\"", "\"7pm\"", "\"19:00\""),
    ("\"19:00\"", "\"19:05\"", "every ten minutes"),
    ("\"19:00\"", "\"18:00\"", "write each once"),
    ("id = \"health\"", "id = \"event\"", "stands twice"),
    ("ja = \"福祉・介護\", ", "", "no Japanese name"),
    ("ja-Hira = \"イベント\"", "tlh = \"イベント\"", "ja-Hira"),
    (
        "telephone = \"000-000-0000\"",
        "telephone = \"代表\"",
        "digits and hyphens",
    ),
    (
        "by = [\"owner_chief\", \"owner_office\"]",
        "by = []",
        "name at least one",
    ),
    (
        "send = \"section_chief\"",
        "send = \"owner_chief\"",
        "two must confer",
    ),
    (
        "concur = \"owner_chief\"",
        "concur = \"owner_office\"",
        "is no chief",
    ),
    ("request_minutes = 60", "request_minutes = 0", "5 to 240"),
    (
        "phone_consent = false",
        "phone_consent = true",
        "`phone_consent` is true; agreeing by telephone codes is not built",
    ),
    ("[suspension]", "[suspense]", "no section"),
    ("[sending]", "[[sending]]", "expected"),
];

#[test]
fn a_slip_is_told_with_its_line_and_what_to_write() {
    for (from, to, expected) in SLIPS {
        let broken = DEFAULT.replacen(from, to, 1);
        assert_ne!(
            broken, DEFAULT,
            "{from} is no longer in the default profile"
        );
        let told = faults_of(&broken);
        assert!(
            told.iter().any(|f| f.reason.contains(expected)),
            "{to}: {told:?}"
        );
    }
}

#[test]
fn the_line_is_that_of_the_slip() {
    for (from, to) in [
        ("\"19:00\"", "\"19:05\""),
        ("id = \"slander\"", "id = \"Slander\""),
        ("id = \"health\"", "id = \"event\""),
        ("denied = []", "denied = [\"line.me\"]"),
        ("event_days = 30", "event_days = 0"),
        ("keep = \"answer\"", "keep = \"registration\""),
        ("mode = \"auto\"", "mode = \"sometimes\""),
        ("send = \"section_chief\"", "send = \"owner_chief\""),
        ("unreachable_days = 30", "unreachable_dayz = 30"),
    ] {
        let broken = DEFAULT.replacen(from, to, 1);
        let line = DEFAULT.lines().position(|l| l.contains(from)).unwrap() + 1;
        let told = faults_of(&broken);
        assert!(
            told.iter().any(|f| f.line == line),
            "{to} is on line {line}: {told:?}"
        );
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_lines() {
    let broken = DEFAULT
        .replace("mode = \"auto\"", "mode = \"sometimes\"")
        .replace("field = \"area\"", "field = \"religion\"")
        .replace("unreachable_days = 30", "unreachable_dayz = 30");
    let told = faults_of(&broken);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.is_sorted_by_key(|f| f.line));
    let broken = DEFAULT
        .replace("event_days = 30", "event_days = 0")
        .replace("\"000-000-0000\"", "\"\"");
    assert_eq!(faults_of(&broken).len(), 2);
    assert_eq!(faults_of("[profile\n").len(), 1);
    assert!(
        faults_of("topic = 1")
            .iter()
            .any(|f| f.reason.contains("[[topic]]"))
    );
    // Of an empty file every section is asked for.
    assert!(faults_of("").len() > 10);
}

#[test]
fn a_draft_goes_to_whom_the_policy_says() {
    let profile = Profile::parse(DEFAULT).unwrap();
    let steps = |drafter, category| profile.route(drafter, category).map(|r| r.steps.clone());
    assert_eq!(
        steps(Drafter::Section, "event"),
        Some(vec![Decider::OwnerOffice])
    );
    assert_eq!(
        steps(Drafter::Section, "other"),
        Some(vec![Decider::OwnerChief])
    );
    assert_eq!(steps(Drafter::Contractor, "event"), None);
    let route = profile.route(Drafter::Section, "event").unwrap();
    assert_eq!(
        profile.cite(route.clause.as_ref().unwrap()),
        "○○市運用ポリシー 5(4)ア・イ"
    );
}

#[test]
fn contractors_never_write_of_emergencies_whatever_the_routes_say() {
    let cafe = include_str!("../../policies/hokkaido-cafe.toml");
    let urgent = |id: &str| {
        let category = format!("id = \"{id}\"\n");
        cafe.replacen(&category, &format!("{category}emergency = true\n"), 1)
    };
    let route = |text: &str, category| {
        let profile = Profile::parse(text).unwrap_or_else(|faults| panic!("{faults:?}"));
        profile.route(Drafter::Contractor, category).is_some()
    };
    assert!(route(cafe, "event"), "they write of everything");
    assert!(!route(&urgent("event"), "event"));
    assert!(route(&urgent("event"), "moving"));
    // Nor can a route be made for it.
    let told = faults_of(&urgent("other"));
    assert!(
        told.iter()
            .any(|fault| fault.reason.contains("contractors never write")),
        "{told:?}"
    );
}

#[test]
fn quiet_hours_may_span_midnight_and_an_emergency_always_sounds() {
    let profile = Profile::parse(DEFAULT).unwrap();
    let sounds = |id: &str, hour| {
        let at = chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        profile.category(id).unwrap().sounds_at(at)
    };
    for (id, hour, sound) in [
        ("city", 20, true),
        ("city", 21, false),
        ("city", 0, false),
        ("city", 6, false),
        ("city", 7, true),
        ("event", 12, false),
        ("safety", 3, true),
        ("emergency", 3, true),
    ] {
        assert_eq!(sounds(id, hour), sound, "{id} at {hour}");
    }
}
