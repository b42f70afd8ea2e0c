//! The rules of rights, terms and words, by themselves.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::staff::Right;
use crate::staff::right::rights_of;

fn day(offset: i64) -> NaiveDate {
    NaiveDate::default() + chrono::TimeDelta::days(offset)
}

fn section(owner: bool) -> Place {
    Place::Section(Section {
        id: SectionId(Uuid::from_u128(u128::from(owner))),
        name: "課".into(),
        owner,
        subjects: BTreeSet::new(),
        closed_on: None,
    })
}

fn firm() -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::from_u128(9)),
        name: "受託者".into(),
        contract: Term {
            from: day(-100),
            to: Some(day(100)),
        },
    }
}

/// Every kind of post, wherever it can be.
fn posts() -> Vec<Post> {
    PostKind::ALL
        .into_iter()
        .flat_map(|kind| match kind {
            PostKind::Chief | PostKind::Staff => {
                vec![(kind, section(true)), (kind, section(false))]
            }
            PostKind::ContractManager | PostKind::ContractPoster => {
                vec![(kind, Place::Organisation(firm()))]
            }
            _ => vec![(kind, Place::Town)],
        })
        .enumerate()
        .map(|(number, (kind, place))| Post {
            id: PostId(Uuid::from_u128(number as u128)),
            kind,
            title: "役職".into(),
            place,
            closed_on: None,
        })
        .collect()
}

/// Somebody who holds these posts, however they came to hold them.
fn roster(held: &[(usize, Term)], contractor: bool) -> Roster {
    let id = PersonId(Uuid::nil());
    let person = Person {
        id,
        number: Number::parse("1").unwrap_or_else(|e| unreachable!("{e}")),
        name: Name::parse("花子").unwrap_or_else(|e| unreachable!("{e}")),
        mail: None,
        organisation: contractor.then(firm),
        ends_on: None,
    };
    let posts = posts();
    let holdings = held.iter().map(|(post, term)| Holding {
        id: HoldingId(Uuid::nil()),
        post: posts[*post].id,
        person: id,
        term: *term,
        ended_at: None,
        granted_at: Instant::default(),
    });
    Roster {
        holdings: holdings.collect(),
        persons: [(id, person)].into(),
        posts: posts.into_iter().map(|post| (post.id, post)).collect(),
        ..Roster::default()
    }
}

fn holdings() -> impl Strategy<Value = Vec<(usize, Term)>> {
    let term = (-20_i64..20, proptest::option::of(0_i64..20)).prop_map(|(from, length)| Term {
        from: day(from),
        to: length.map(|length| day(from + length)),
    });
    proptest::collection::vec((0..posts().len(), term), 0..8)
}

proptest! {
    #[test]
    fn no_posts_give_an_administrator_or_a_contractor_what_is_a_chiefs(
        held in holdings(),
        contractor: bool,
        today in -25_i64..45,
    ) {
        let roster = roster(&held, contractor);
        let person = PersonId(Uuid::nil());
        let administers = roster
            .posts_of(person, day(today))
            .any(|post| post.kind == PostKind::Administrator);
        if let Some(signed) = roster.signed(person, day(today)) {
            prop_assert!(!(administers || contractor) || !signed.may(Right::AdoptPolicy));
            let theirs = [Right::SignedIn, Right::SeeBroadcasts, Right::Draft];
            prop_assert!(!contractor || signed.rights().iter().eq(&theirs));
            prop_assert!(signed.may(Right::SignedIn));
        }
    }

    #[test]
    fn rights_are_those_of_posts_held_that_day_and_no_others(held in holdings(), today in -25_i64..45) {
        let roster = roster(&held, false);
        let signed = roster.signed(PersonId(Uuid::nil()), day(today));
        let in_force = held.iter().filter(|(_, term)| term.covers(day(today))).count();
        prop_assert_eq!(signed.is_some(), in_force > 0);
        prop_assert_eq!(signed.map_or(0, |s| s.posts().len()), in_force);
    }

    #[test]
    fn terms_meet_when_a_day_is_in_both(a in -9_i64..9, b in 0_i64..9, c in -9_i64..9, d in 0_i64..9) {
        let one = Term { from: day(a), to: Some(day(a + b)) };
        let other = Term { from: day(c), to: Some(day(c + d)) };
        let shared = (-20..20).any(|n| one.covers(day(n)) && other.covers(day(n)));
        prop_assert_eq!(one.meets(&other), shared);
        prop_assert_eq!(other.meets(&one), shared);
    }
}

#[test]
fn every_kind_of_post_allows_exactly_this() {
    use Right::*;
    let rights = |kind: PostKind, owner: bool| {
        let of = |post: &&Post| post.kind == kind && post.of_owner() == owner;
        let posts = posts();
        let post = posts.iter().position(|post| of(&post));
        let post = post.unwrap_or_else(|| unreachable!("no such post"));
        let contractor = posts[post].organisation().is_some();
        let roster = roster(&[(post, Term::since(day(0)))], contractor);
        let signed = roster.signed(PersonId(Uuid::nil()), day(0));
        signed
            .map(|s| s.rights().iter().copied().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let edits = [
        SignedIn,
        ResidentCounts,
        EditAnswers,
        EditGarbage,
        EditChildcare,
        OpenShelters,
        SeeMenus,
        SeeBroadcasts,
        Draft,
        Emergency,
        ReviewEmergencies,
        SeeTemplates,
        NameSegments,
    ];
    let and = |more: &[Right]| [&edits, more].concat();
    assert_eq!(
        rights(PostKind::Chief, true),
        and(&[SeePeople, SeeSettings, AdoptPolicy, LiftHold])
    );
    assert_eq!(rights(PostKind::Staff, true), and(&[SeePeople]));
    assert_eq!(
        rights(PostKind::Chief, false),
        [
            SignedIn,
            ResidentCounts,
            SeeMenus,
            SeeBroadcasts,
            Draft,
            Emergency,
            SeeTemplates,
            NameSegments,
            SeePeople
        ]
    );
    assert_eq!(
        rights(PostKind::Staff, false),
        [
            SignedIn,
            ResidentCounts,
            SeeMenus,
            SeeBroadcasts,
            Draft,
            Emergency,
            SeeTemplates,
            NameSegments
        ]
    );
    assert_eq!(
        rights(PostKind::DutyOfficer, false),
        [
            SignedIn,
            OpenShelters,
            SeeBroadcasts,
            Emergency,
            SeeTemplates
        ]
    );
    for kind in [PostKind::ContractManager, PostKind::ContractPoster] {
        assert_eq!(rights(kind, false), [SignedIn, SeeBroadcasts, Draft]);
    }
    assert_eq!(
        rights(PostKind::Auditor, false),
        [
            SignedIn,
            ResidentCounts,
            SeeBroadcasts,
            Emergency,
            ReviewEmergencies,
            SeeTemplates,
            SeePeople,
            ReadAudit,
            SeeSettings
        ]
    );
    assert_eq!(
        rights(PostKind::Administrator, false),
        [SignedIn, SeeTemplates, SeePeople, ManagePeople, SeeSettings]
    );
}

#[test]
fn an_ad_hoc_deputy_has_at_most_31_days() {
    let days = |days: i64| Term {
        from: day(0),
        to: Some(day(days - 1)),
    };
    assert!(days(31).is_within(AD_HOC_DAYS));
    assert!(!days(32).is_within(AD_HOC_DAYS));
    assert!(
        Term::since(day(0)).is_within(AD_HOC_DAYS),
        "the standing order has no last day"
    );
    assert!(Term::between(day(1), day(0)).is_none());
}

#[test]
fn words_about_a_person_are_checked_and_never_printed() {
    assert!(Number::parse("").is_err() && Number::parse("12 3").is_err());
    assert!(Number::parse(&"1".repeat(21)).is_err());
    assert!(Name::parse(" ").is_err() && Name::parse("a\nb").is_err());
    assert!(
        Name::parse("花子\u{202e}").is_err(),
        "it would turn the page around"
    );
    for wrong in ["a", "a@", "@b.jp", "a@b", "a@b.jp c", "a@b@c.jp"] {
        assert!(Mail::parse(wrong).is_err(), "{wrong}");
    }
    let name = Name::parse(" 花子 ").map(|name| format!("{name:?} {}", name.as_str()));
    assert_eq!(name.as_deref(), Ok("Name(…) 花子"));
}

#[test]
fn a_section_changes_what_it_is_entrusted_with_and_nothing_else() {
    for (subject, right) in [
        (Subject::Answers, Right::EditAnswers),
        (Subject::Garbage, Right::EditGarbage),
        (Subject::Childcare, Right::EditChildcare),
        (Subject::Shelters, Right::OpenShelters),
    ] {
        for kind in [PostKind::Chief, PostKind::Staff] {
            let Place::Section(mut section) = section(false) else {
                unreachable!("a section")
            };
            section.subjects.insert(subject);
            let post = Post {
                place: Place::Section(section),
                ..posts().swap_remove(0)
            };
            let rights = rights_of(&[Post { kind, ..post }], false);
            for edit in [
                Right::EditAnswers,
                Right::EditGarbage,
                Right::EditChildcare,
                Right::OpenShelters,
            ] {
                assert_eq!(
                    rights.contains(&edit),
                    edit == right,
                    "{subject:?} {kind:?}"
                );
            }
        }
    }
}
