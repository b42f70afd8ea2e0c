//! What is shown for links and pictures.

use kairan::broadcast::content::{Block, Button, Manuscript, Target};
use kairan::broadcast::gates::{Gate, Severity, check_at_send};
use kairan::broadcast::phrases;
use kairan::broadcast::statement::{Shows, Statement};
use kairan::ids::MediaId;
use kairan::media::Lacking;
use kairan::policy::{ImageProof, LinkProof, Refused};

use super::{Judge, OTHER, OWN, now};
use crate::broadcast::pictures::entitled;
use crate::broadcast::{manuscript, saying};
use crate::staff::day;

#[test]
fn three_things_are_shown_of_a_link_where_the_policy_asks_for_three() {
    let draft = Manuscript {
        category: "moving".into(),
        ..saying(&format!("くわしくは {OTHER} へ"))
    };
    let clause = "第4-1(3)ア〜ウ・第4-4(3)";
    let judge = Judge::of("hokkaido-cafe");
    let unshown = |proof| {
        (
            Gate::Unshown {
                url: OTHER.into(),
                proof,
            },
            Severity::Stops,
            clause.to_owned(),
        )
    };
    assert_eq!(
        judge.gates(&draft),
        [
            unshown(LinkProof::Relation),
            unshown(LinkProof::Opened),
            unshown(LinkProof::Consent),
        ]
    );
    let shown = |shows| Statement::Link {
        url: OTHER.into(),
        shows,
    };
    let opened = |arrived: &str| {
        shown(Shows::Opened {
            arrived: arrived.into(),
            title: "つどい".into(),
        })
    };
    let judge = judge
        .with(shown(Shows::Relation("会場の案内".into())))
        .with(shown(Shows::Consent {
            who: "会の代表".into(),
            on: day("2026-11-20"),
            how: "メール".into(),
        }))
        .with(opened("https://kosodate.example/welcome"));
    assert_eq!(judge.gates(&draft), []);
    let moved = judge.with(opened("https://other.example/"));
    assert!(matches!(
        &moved.gates(&draft)[..],
        [(Gate::Elsewhere { .. }, Severity::Stops, _)]
    ));
    // The prefecture need not ask itself.
    let own = Manuscript {
        category: "moving".into(),
        ..saying(OWN)
    };
    let asked: Vec<Gate> = Judge::of("hokkaido-cafe")
        .gates(&own)
        .into_iter()
        .map(|(gate, ..)| gate)
        .collect();
    assert_eq!(
        asked,
        [
            Gate::Unshown {
                url: OWN.into(),
                proof: LinkProof::Relation
            },
            Gate::Unshown {
                url: OWN.into(),
                proof: LinkProof::Opened
            },
        ]
    );
}

#[test]
fn what_hides_where_it_leads_is_refused_wherever_it_stands() {
    let judge = Judge::of("kushiro");
    for url in [
        "https://bit.ly/3abc",
        "https://www.google.com/url?q=https://a.example/",
        "http://a.example/",
    ] {
        let card = Block::Card {
            title: "地域".into(),
            text: String::new(),
            picture: None,
            buttons: vec![Button {
                label: "開く".into(),
                target: Target::Link(url.into()),
            }],
        };
        for draft in [
            saying(&format!("こちら {url}")),
            Manuscript {
                blocks: vec![card],
                ..manuscript()
            },
        ] {
            let draft = Manuscript {
                category: "region".into(),
                ..draft
            };
            let found = judge.gates(&draft);
            assert!(
                matches!(&found[..], [(Gate::Link(_), Severity::Stops, clause)] if clause == "第10(4)"),
                "{found:?}"
            );
            assert_eq!(check_at_send(judge.case(&draft)).len(), 1);
        }
    }
    let short = judge.finds(&Manuscript {
        category: "region".into(),
        ..saying("https://bit.ly/3abc")
    });
    let short = short
        .iter()
        .find(|f| f.gate == Gate::Link(Refused::Shortened("https://bit.ly/3abc".into())));
    assert_eq!(
        phrases::finding(short.unwrap(), &judge.profile),
        "https://bit.ly/3abc は短縮URLです。行き先が見えるよう、もとのアドレスを書いてください。（釧路総合振興局運用ポリシー 第10(4)）"
            .replace("釧路総合振興局運用ポリシー", &judge.profile.source.short_name)
    );
}

#[test]
fn a_picture_may_be_used_on_the_day_it_is_sent() {
    let mut judge = Judge::of("hachinohe");
    let until = |last: &str| {
        let mut rights = entitled("会場");
        rights.rights.expires_on = Some(day(last));
        rights
    };
    let mut bare = entitled("会場");
    bare.rights.holder = None;
    let sound = judge.picture(until("2026-11-25"));
    let over = judge.picture(until("2026-11-24"));
    let bare = judge.picture(bare);
    let gone = MediaId::new(now());
    for (id, gate) in [
        (sound, None),
        (over, Some(Gate::Expired(over, day("2026-11-24")))),
        (bare, Some(Gate::Lacking(bare, Lacking(ImageProof::Holder)))),
        (gone, Some(Gate::NoPicture(gone))),
    ] {
        let picture = Block::Picture {
            picture: id,
            shows: "会場".into(),
            text: String::new(),
        };
        let draft = Manuscript {
            category: "event".into(),
            blocks: vec![picture],
            ..manuscript()
        };
        let expected: Vec<_> = gate
            .map(|g| (g, Severity::Stops, "自覚と責任9".to_owned()))
            .into_iter()
            .collect();
        assert_eq!(judge.gates(&draft), expected);
        assert_eq!(check_at_send(judge.case(&draft)).len(), expected.len());
    }
}

#[test]
fn only_what_may_be_passed_on_is_marked_so() {
    let marked = Manuscript {
        category: "region".into(),
        open_data: true,
        ..manuscript()
    };
    assert_eq!(Judge::of("kushiro").gates(&marked), []);
    let ward = Manuscript {
        category: "ward".into(),
        ..marked.clone()
    };
    assert_eq!(
        Judge::of("bunkyo").gates(&ward),
        [(Gate::NotOpen, Severity::Stops, String::new())]
    );
    let mut judge = Judge::of("kushiro");
    for open in [true, false] {
        let mut rights = entitled("湿原");
        rights.rights.open = open;
        let id = judge.picture(rights);
        let picture = Block::Picture {
            picture: id,
            shows: "湿原".into(),
            text: "湿原の秋".into(),
        };
        let draft = Manuscript {
            blocks: vec![picture],
            ..marked.clone()
        };
        let closed = (
            Gate::NotOpenPicture(id),
            Severity::Stops,
            "第10(8)".to_owned(),
        );
        let expected = if open { vec![] } else { vec![closed] };
        assert_eq!(judge.gates(&draft), expected);
    }
}
