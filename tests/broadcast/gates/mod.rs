//! What five policies ask of the same draft.

mod proofs;

use std::collections::BTreeMap;

use kairan::area::Directory;
use kairan::broadcast::content::{Audience, Block, Button, Manuscript, Target, Timing};
use kairan::broadcast::gates::{Case, Finding, Gate, Severity, check, passes};
use kairan::broadcast::lint::Slip;
use kairan::broadcast::messages::Setting;
use kairan::broadcast::phrases;
use kairan::broadcast::statement::{Shows, Stated, Statement, Statements};
use kairan::clock::Instant;
use kairan::ids::{MediaId, PersonId};
use kairan::media::{Entitled, Format, Media};
use kairan::policy::{Answer, Profile};

use super::{PUBLIC, manuscript, saying, tomorrow};

const OWN: &str = "https://www.pref.hokkaido.lg.jp/";
const OTHER: &str = "https://kosodate.example/";

fn policy(name: &str) -> Profile {
    let file = format!("{}/policies/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    Profile::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn now() -> Instant {
    tomorrow(-15)
}

fn stated(what: Statement, revision: i32) -> Stated {
    Stated {
        what,
        revision,
        by: PersonId::new(now()),
        at: now(),
    }
}

fn says(question: &str, answer: Answer) -> Statement {
    Statement::Answer {
        question: question.into(),
        answer,
    }
}

/// Everything answered as it passes.
fn answered(profile: &Profile) -> Statements {
    let answers = profile.questions.iter().map(|question| {
        let passes = [Answer::Yes, Answer::No].into_iter().find(|answer| {
            !question.blocks.contains(answer) && !question.to_chief.contains(answer)
        });
        stated(says(&question.id, passes.unwrap()), 1)
    });
    Statements(answers.collect())
}

struct Judge {
    profile: Profile,
    statements: Statements,
    pictures: BTreeMap<MediaId, Media>,
    directory: Directory,
}

impl Judge {
    fn of(name: &str) -> Self {
        let profile = policy(name);
        Self {
            statements: answered(&profile),
            profile,
            pictures: BTreeMap::new(),
            directory: Directory::new(Vec::new()),
        }
    }

    fn with(mut self, what: Statement) -> Self {
        self.statements.0.push(stated(what, 1));
        self
    }

    fn case<'a>(&'a self, manuscript: &'a Manuscript) -> Case<'a> {
        Case {
            manuscript,
            revision: 1,
            statements: &self.statements,
            setting: Setting {
                profile: &self.profile,
                pictures: &self.pictures,
                public_url: PUBLIC,
                corrected: None,
                test: None,
            },
            directory: &self.directory,
            places: None,
            now: now(),
        }
    }

    fn finds(&self, manuscript: &Manuscript) -> Vec<Finding> {
        check(self.case(manuscript))
    }

    /// What is found but for slips.
    fn gates(&self, manuscript: &Manuscript) -> Vec<(Gate, Severity, String)> {
        let found = self.finds(manuscript).into_iter();
        let found = found.filter(|f| !matches!(f.gate, Gate::Slip(_)));
        found
            .map(|f| {
                (
                    f.gate,
                    f.severity,
                    f.clause.map_or(String::new(), |c| c.as_str().to_owned()),
                )
            })
            .collect()
    }

    fn picture(&mut self, entitled: Entitled) -> MediaId {
        let id = MediaId::new(now());
        let media = Media {
            id,
            digest: "00".into(),
            format: Format::Png,
            width: 400,
            height: 200,
            entitled,
            kept_at: now(),
        };
        self.pictures.insert(id, media);
        id
    }
}

fn in_category(id: &str) -> Manuscript {
    Manuscript {
        category: id.into(),
        ..manuscript()
    }
}

#[test]
fn what_passes_passes_in_each_policy() {
    for (name, category) in [
        ("bunkyo", "ward"),
        ("hachinohe", "event"),
        ("hokkaido-cafe", "moving"),
        ("kushiro", "administration"),
        ("mic-ict", "life"),
    ] {
        let judge = Judge::of(name);
        assert_eq!(judge.gates(&in_category(category)), [], "{name}");
    }
}

#[test]
fn each_question_must_be_answered_and_each_blocking_answer_stops() {
    for (name, category) in [
        ("bunkyo", "ward"),
        ("hachinohe", "event"),
        ("kushiro", "region"),
    ] {
        let whole = Judge::of(name);
        for (at, question) in whole.profile.questions.iter().enumerate() {
            let mut judge = Judge::of(name);
            judge.statements.0.remove(at);
            let clause = question.clause.as_ref().unwrap().as_str().to_owned();
            let unanswered = (
                Gate::Unanswered(question.id.clone()),
                Severity::Stops,
                clause.clone(),
            );
            assert_eq!(judge.gates(&in_category(category)), [unanswered], "{name}");
            for answer in [Answer::Yes, Answer::No, Answer::Unsure] {
                let judge = Judge::of(name).with(says(&question.id, answer));
                let severity = match (
                    question.blocks.contains(&answer),
                    question.to_chief.contains(&answer),
                ) {
                    (true, _) => Some(Severity::Stops),
                    (_, true) => Some(Severity::AsksChief),
                    _ => None,
                };
                let gate = Gate::Answered(question.id.clone(), answer);
                let expected: Vec<_> = severity
                    .map(|s| (gate, s, clause.clone()))
                    .into_iter()
                    .collect();
                assert_eq!(
                    judge.gates(&in_category(category)),
                    expected,
                    "{name} {answer:?}"
                );
            }
        }
    }
}

#[test]
fn an_answer_about_another_revision_is_none() {
    let mut judge = Judge::of("mic-ict");
    judge.statements.0[0].revision = 2;
    assert_eq!(judge.gates(&in_category("life")).len(), 1);
}

#[test]
fn only_the_policys_categories_are_used_and_the_last_asks_the_chief() {
    let judge = Judge::of("mic-ict");
    // The staff's personal remark is off.
    let off = judge.gates(&in_category("remark"));
    assert!(
        matches!(off[0], (Gate::Category, Severity::Stops, _)),
        "{off:?}"
    );
    let unknown = judge.gates(&in_category("weather"));
    assert!(
        matches!(unknown[0], (Gate::Category, Severity::Stops, _)),
        "{unknown:?}"
    );
    let kushiro = Judge::of("kushiro").gates(&in_category("other"));
    assert_eq!(
        kushiro,
        [(Gate::ChiefNote, Severity::AsksChief, "第7(3)".into())]
    );
}

#[test]
fn the_hour_is_looked_at() {
    let judge = Judge::of("kushiro");
    let at = |send_at, valid_until| Manuscript {
        category: "region".into(),
        timing: Timing {
            send_at,
            valid_until,
        },
        ..manuscript()
    };
    let only = |gate, severity, clause: &str| vec![(gate, severity, clause.to_owned())];
    for (send_at, until, found) in [
        (Some(tomorrow(10)), Some(tomorrow(18)), vec![]),
        (
            Some(tomorrow(10)),
            None,
            only(Gate::NoEnd, Severity::Stops, ""),
        ),
        (
            Some(tomorrow(10)),
            Some(tomorrow(10)),
            only(Gate::Over, Severity::Stops, ""),
        ),
        (
            Some(tomorrow(19)),
            Some(tomorrow(20)),
            only(Gate::OutOfHours, Severity::AsksChief, "第5"),
        ),
        // 26 November is a Thursday, 28 a Saturday.
        (
            Some(tomorrow(24 * 3 + 10)),
            Some(tomorrow(24 * 3 + 11)),
            only(Gate::OutOfHours, Severity::AsksChief, "第5"),
        ),
        (
            Some(now() - chrono::TimeDelta::minutes(1)),
            Some(tomorrow(1)),
            only(Gate::SendsInThePast, Severity::Stops, ""),
        ),
    ] {
        assert_eq!(judge.gates(&at(send_at, until)), found, "{send_at:?}");
    }
    let bunkyo = Judge::of("bunkyo");
    let night = Manuscript {
        category: "ward".into(),
        ..at(Some(tomorrow(19)), Some(tomorrow(20)))
    };
    assert_eq!(bunkyo.gates(&night), []);
}

#[test]
fn what_is_sent_in_an_emergency_goes_its_own_way_but_in_working_hours() {
    let judge = Judge::of("bunkyo");
    let stops = |hour| {
        let mut manuscript = in_category("emergency");
        manuscript.timing.send_at = Some(tomorrow(hour));
        manuscript.timing.valid_until = Some(tomorrow(hour + 2));
        let found = judge.finds(&manuscript);
        let mut found = found.into_iter();
        found.find(|found| found.gate == Gate::Category)
    };
    assert_eq!(stops(10), None);
    for hour in [7, 18, 22] {
        let found = stops(hour).map(|found| found.severity);
        assert_eq!(found, Some(Severity::Stops), "{hour}");
    }
}

#[test]
fn what_is_overruled_without_words_is_so_for_its_revision_only() {
    let number = Slip::PersonalNumber.key();
    let mobile = Slip::Mobile {
        written: "090-0000-1234".into(),
    };
    let overrule = |slip: String| Stated {
        what: Statement::Overrule {
            slip,
            reason: "見本の番号".into(),
        },
        revision: 1,
        by: PersonId(uuid::Uuid::nil()),
        at: tomorrow(9),
    };
    let said = Statements(vec![overrule(number.clone()), overrule(mobile.key())]);
    assert!(said.overruled(&number, 1).is_some());
    assert!(said.overruled(&number, 2).is_none());
    assert!(said.overruled(&mobile.key(), 2).is_some());
}

#[test]
fn a_slip_can_be_overruled_and_nothing_else_can() {
    let draft = Manuscript {
        category: "life".into(),
        ..saying("電話 090-0000-1234")
    };
    let slip = Slip::Mobile {
        written: "090-0000-1234".into(),
    };
    let judge = Judge::of("mic-ict");
    let found = judge.finds(&draft);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0].gate, found[0].severity),
        (&Gate::Slip(slip.clone()), Severity::Overridable)
    );
    assert!(!passes(&found));
    let overruled = Statement::Overrule {
        slip: slip.key(),
        reason: "貸出用の携帯電話".into(),
    };
    assert_eq!(judge.with(overruled).finds(&draft), []);
    let chief = Judge::of("kushiro").finds(&in_category("other"));
    let chief: Vec<Finding> = chief
        .into_iter()
        .filter(|f| !matches!(f.gate, Gate::Slip(_)))
        .collect();
    assert!(passes(&chief), "what asks the chief does not stop");
}

#[test]
fn fields_are_neither_empty_nor_too_full() {
    let judge = Judge::of("mic-ict");
    let life = |blocks| Manuscript {
        category: "life".into(),
        blocks,
        ..manuscript()
    };
    let many = vec![
        Block::Text {
            text: "電話 0000-00-2222".into()
        };
        6
    ];
    assert_eq!(
        judge.gates(&life(many)),
        [(Gate::Blocks, Severity::Stops, String::new())]
    );
    assert_eq!(
        judge.gates(&life(vec![])),
        [(Gate::Blocks, Severity::Stops, String::new())]
    );
    let button = |target| Button {
        label: "あ".repeat(21),
        target,
    };
    let card = Block::Card {
        title: String::new(),
        text: "あ".into(),
        picture: None,
        buttons: vec![button(Target::Phone("0000-00-2222".into())); 5],
    };
    let words: Vec<String> = judge
        .finds(&life(vec![card]))
        .iter()
        .filter(|f| !matches!(f.gate, Gate::Slip(_)))
        .map(|f| phrases::finding(f, &judge.profile))
        .collect();
    assert_eq!(words[0], "1つめの本文のボタンを4つまでにしてください。");
    assert_eq!(words[1], "1つめの本文の見出しを入力してください。");
    assert_eq!(
        words[2],
        "1つめの本文のボタン1の文字が21文字あります。20文字までに縮めてください。"
    );
    assert_eq!(words.len(), 7);
    let japanese = "https://www.soumu.go.jp/情報";
    let card = Block::Card {
        title: "あ".into(),
        text: String::new(),
        picture: None,
        buttons: vec![Button {
            label: "開く".into(),
            target: Target::Link(japanese.into()),
        }],
    };
    let judge = judge.with(Statement::Link {
        url: japanese.into(),
        shows: Shows::Opened {
            arrived: japanese.into(),
            title: "あ".into(),
        },
    });
    let found = judge.gates(&life(vec![card]));
    assert!(
        matches!(&found[..], [(Gate::Unsendable(_), Severity::Stops, _)]),
        "{found:?}"
    );
}

#[test]
fn an_audience_asks_only_what_was_told_for_it_and_what_there_is() {
    let judge = Judge::of("bunkyo");
    let to = |category: &str, segment: &str| Manuscript {
        category: category.into(),
        audience: Audience::Segment(kairan::segment::parse(segment).unwrap()),
        ..manuscript()
    };
    assert_eq!(judge.gates(&to("childcare", "child:0..36")), []);
    let beyond = judge.gates(&to("ward", "child:0..36 and not due:2027-01"));
    assert_eq!(beyond.len(), 2);
    for (gate, severity, clause) in beyond {
        assert!(matches!(gate, Gate::BeyondPurpose(_)), "{gate:?}");
        let expected = judge.profile.personal.clause.as_ref().unwrap();
        assert_eq!(
            (severity, clause.as_str()),
            (Severity::Stops, expected.as_str())
        );
    }
    let nowhere = judge.gates(&to("ward", "area:大手町"));
    assert!(
        matches!(&nowhere[..], [(Gate::Unknown(_), Severity::Stops, _)]),
        "{nowhere:?}"
    );
}
