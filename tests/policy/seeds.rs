//! The operating policies of five real accounts, carried as they stand: where they disagree, settings do.

use std::collections::BTreeSet;

use kairan::policy::{
    Answer, Decider, Document, Drafter, ImageProof, LinkProof, Profile, ReplyMode,
};

fn profile(name: &str) -> Profile {
    let file = format!("{}/policies/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    match Document::parse(std::fs::read_to_string(&file).unwrap()) {
        Ok(document) => std::sync::Arc::unwrap_or_clone(document.profile),
        Err(faults) => panic!("{file}: {faults:#?}"),
    }
}

const ALL: [&str; 5] = ["kushiro", "hokkaido-cafe", "mic-ict", "bunkyo", "hachinohe"];

fn of_all<T>(setting: impl Fn(Profile) -> T) -> [T; 5] {
    ALL.map(|name| setting(profile(name)))
}

#[test]
fn each_answers_as_its_policy_says() {
    use ReplyMode::{Auto, None, Selective};
    assert_eq!(
        of_all(|p| p.replies.mode),
        [None, Selective, None, None, Auto]
    );
    assert_eq!(
        of_all(|p| p.replies.point_to_opinions),
        [false, false, true, false, false]
    );
    assert_eq!(
        profile("hachinohe").inquiry.opinions_name.as_deref(),
        Some("市長への手紙")
    );
}

#[test]
fn each_has_its_own_decider() {
    let steps = |name, drafter| {
        let profile = profile(name);
        let category = &profile.categories[0].id;
        profile
            .route(drafter, category)
            .map(|r| (r.steps.clone(), r.needs_grant))
    };
    use Decider::{ContractManager, OwnerChief, OwnerOffice, SectionChief};
    use Drafter::{Contractor, Owner, Section};
    assert_eq!(steps("kushiro", Owner), Some((vec![OwnerChief], false)));
    assert_eq!(steps("kushiro", Section), Some((vec![SectionChief], true)));
    assert_eq!(
        steps("hokkaido-cafe", Owner),
        Some((vec![OwnerChief], false))
    );
    assert_eq!(
        steps("hokkaido-cafe", Contractor),
        Some((vec![ContractManager], false))
    );
    assert_eq!(steps("hokkaido-cafe", Section), None);
    assert_eq!(steps("mic-ict", Owner), Some((vec![OwnerOffice], false)));
    assert_eq!(steps("mic-ict", Section), None);
    assert_eq!(steps("bunkyo", Section), Some((vec![OwnerOffice], false)));
    assert_eq!(steps("hachinohe", Section), Some((vec![OwnerChief], false)));
    for name in ["kushiro", "hokkaido-cafe", "bunkyo", "hachinohe"] {
        let profile = profile(name);
        let other = profile.category("other").unwrap();
        assert!(other.chief_note, "{name}");
    }
}

#[test]
fn office_hours_bind_sending_where_the_policy_says_so() {
    assert_eq!(
        of_all(|p| p.sending.only_in_working_hours),
        [true, false, false, false, false]
    );
    assert_eq!(
        profile("kushiro").sending.exception_by,
        Some(Decider::OwnerChief)
    );
    let emergency = of_all(|p| {
        p.emergency
            .map(|e| (e.concur, e.send, e.only_outside_working_hours))
    });
    let bunkyo = Some((Decider::OwnerChief, Decider::SectionChief, true));
    assert_eq!(emergency, [None, None, None, bunkyo, None]);
}

#[test]
fn the_lists_are_as_long_as_the_documents() {
    assert_eq!(of_all(|p| p.reasons.len()), [10, 2, 15, 13, 2]);
    assert_eq!(of_all(|p| p.categories.len()), [3, 4, 4, 7, 6]);
    let lists: BTreeSet<Vec<String>> =
        of_all(|p| p.categories.into_iter().map(|c| c.name).collect()).into();
    assert_eq!(lists.len(), 5);
    let kushiro = profile("kushiro");
    let chiefs: Vec<&str> = kushiro
        .reasons
        .iter()
        .filter(|r| r.only_chief)
        .map(|r| r.id.as_str())
        .collect();
    assert_eq!(chiefs, ["other"]);
    let remark = profile("mic-ict").category("remark").cloned().unwrap();
    assert!(!remark.enabled && remark.label.unwrap().contains("公式見解ではありません"));
}

#[test]
fn the_gates_are_those_of_the_document() {
    use LinkProof::{Consent, Opened, Relation};
    let cafe = profile("hokkaido-cafe");
    assert_eq!(cafe.links.require, [Relation, Opened, Consent]);
    use ImageProof::{Checker, Date, Evidence, Holder};
    assert_eq!(
        cafe.images.require,
        [ImageProof::Relation, Holder, Evidence, Checker, Date]
    );
    assert_eq!(
        of_all(|p| p.open_data.map(|o| o.tag)).map(|t| t.is_some()),
        [true, false, false, false, false]
    );
    for profile in of_all(|p| p) {
        assert!(profile.links.check("https://bit.ly/x").is_err());
    }
    let hachinohe = profile("hachinohe");
    let class = hachinohe
        .questions
        .iter()
        .find(|q| q.id == "confidentiality")
        .unwrap();
    assert_eq!(class.blocks, [Answer::Yes, Answer::Unsure]);
    let competition = cafe
        .questions
        .iter()
        .find(|q| q.id == "competition")
        .unwrap();
    assert_eq!(
        (&competition.blocks[..], &competition.to_chief[..]),
        (&[Answer::Yes][..], &[Answer::Unsure][..])
    );
}

#[test]
fn accounts_contractors_and_dates_are_carried() {
    assert_eq!(
        of_all(|p| p.accounts.password_days),
        [None, Some(90), None, None, None]
    );
    assert_eq!(
        of_all(|p| p.accounts.enrolled_devices_only),
        [false, true, false, false, false]
    );
    assert_eq!(
        of_all(|p| p.contractors.is_some()),
        [false, true, false, false, false]
    );
    let cafe = profile("hokkaido-cafe");
    assert_eq!(cafe.source.amended_on.len() + 1, 4);
    let hachinohe = profile("hachinohe");
    assert_eq!(hachinohe.profile.effective_from.to_string(), "2023-10-20");
    assert!(hachinohe.source.rests_on[0].contains("令和5年8月21日"));
    assert_eq!(
        profile("bunkyo").operator.account_id.as_deref(),
        Some("@bunkyocity")
    );
}

#[test]
fn every_rule_shown_to_staff_names_its_clause() {
    for (name, profile) in ALL.into_iter().zip(of_all(|p| p)) {
        let categories = profile.categories.iter().map(|c| (&c.id, &c.clause));
        let questions = profile.questions.iter().map(|q| (&q.id, &q.clause));
        for (id, clause) in categories.chain(questions) {
            let clause = clause.as_ref().unwrap_or_else(|| panic!("{name}: {id}"));
            assert!(profile.cite(clause).starts_with(&profile.source.short_name));
        }
        assert!(profile.routes.iter().all(|r| r.clause.is_some()), "{name}");
    }
}

#[test]
fn the_disclaimers_of_the_documents_are_on_the_page() {
    let of = |name| {
        let page = kairan::policy::page(&profile(name));
        let section = page
            .sections
            .into_iter()
            .find(|s| s.heading == "免責")
            .unwrap();
        section
            .lines
            .into_iter()
            .map(|l| l.text)
            .collect::<String>()
    };
    assert!(of("bunkyo").contains("わざと、または重い不注意があった場合を除き"));
    assert!(of("mic-ict").contains("争い"));
}

/// The ids of what a drafter is asked, and whether a yes or a no blocks.
fn asked(name: &str) -> Vec<(String, Vec<Answer>)> {
    let questions = profile(name).questions.into_iter();
    questions.map(|q| (q.id, q.blocks)).collect()
}

#[test]
fn bunkyo_asks_what_its_policy_asks() {
    use Answer::{No, Unsure, Yes};
    let expected = [
        ("clear", vec![No]),
        ("source", vec![No, Unsure]),
        ("undecided", vec![Yes]),
    ];
    assert_eq!(
        asked("bunkyo"),
        expected.map(|(id, blocks)| (id.to_owned(), blocks))
    );
}

#[test]
fn hachinohe_asks_what_its_policy_asks() {
    use Answer::{No, Unsure, Yes};
    let expected = [
        ("respect", vec![Yes]),
        ("discrimination", vec![Yes]),
        ("unlawful", vec![Yes]),
        ("source", vec![No, Unsure]),
        ("secret", vec![Yes]),
        ("rights", vec![No]),
        ("security", vec![Yes]),
        ("confidentiality", vec![Yes, Unsure]),
        ("duty", vec![Yes]),
        ("own-duty", vec![]),
    ];
    assert_eq!(
        asked("hachinohe"),
        expected.map(|(id, blocks)| (id.to_owned(), blocks))
    );
}
