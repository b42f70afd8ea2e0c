//! Everything a resident can mean, and how a button carries it.
//!
//! A button's data is `1/verb/…`: a version, a verb, its arguments. It comes back from the outside,
//! perhaps years later, perhaps forged, so it is read strictly and trusted with nothing: an area it
//! names must exist, a topic must be the policy's, and no button acts for anybody but who tapped it.

use std::fmt;

use crate::ids::{AreaId, FaqId};
use crate::resident::{Child, ChildKind, GarbageReminder, Letters, Month, Residence};
use crate::shelter::{Hazard, Location};

/// The version all buttons made today carry.
const VERSION: &str = "1";
/// What stands for a hazard that is not known.
const ANY: &str = "any";

/// What a resident means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Intent {
    /// What can I ask here?
    Help,
    /// I agree to what this version of the policy says; register me.
    Agree(String),
    /// Go on where the registration stopped.
    Resume,
    /// Ask me this item.
    Ask(Item),
    /// Forget my answer to this item.
    Remove(Item),
    /// Not this item now.
    Skip,
    /// The item before.
    Back,
    /// Leave it.
    Cancel,
    /// Show me areas.
    Browse(Shelf, Purpose, usize),
    /// I live here.
    Live(Residence),
    /// Remind me then.
    Remind(GarbageReminder),
    /// I do, or no longer, want this topic.
    Topic(String),
    /// These topics are all.
    TopicsDone,
    /// A child was born, or is due, in the month of the date picked.
    AddChild(ChildKind),
    /// Not this child.
    RemoveChild(Child),
    /// These children are all.
    ChildrenDone,
    /// Nothing about children any more.
    StopChildren,
    /// Speak this language.
    Speak(String),
    /// Draw my menu in these letters.
    Letters(Letters),
    /// What do you hold of me?
    Show,
    /// Erase everything.
    Erase,
    /// Yes, erase.
    EraseYes,
    /// No, keep.
    EraseNo,
    /// What is collected?
    Garbage(Days),
    /// What is collected in another area?
    OtherArea,
    /// What is collected in this one?
    GarbageIn(AreaId, Days),
    /// When is this category next?
    Next(String),
    /// How do I look up sorting?
    SortingHelp,
    /// How is this sorted?
    Sort(String),
    /// This question of the FAQ.
    Question(FaqId),
    /// What about disasters?
    Disaster,
    /// Which orders to evacuate are in force?
    Evacuation,
    /// Where do I flee to from this hazard, or from I know not what, being here?
    Near(Option<Hazard>, Location),
    /// Where do I send an opinion?
    Inquiry,
    /// None of the above, in these words.
    Words(String),
}

/// What a registration asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Item {
    Area,
    Reminder,
    Topics,
    Children,
    Language,
    Letters,
}

/// Which areas to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shelf {
    /// The way in: all of them, their districts or their kana rows, as the town's size asks.
    Entrance,
    /// The first kana.
    Kana,
    /// A district's.
    District(String),
    /// A kana row's.
    Row(String),
    /// Those found for words.
    Found(String),
}

/// What an area is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To live there.
    Residence,
    /// To see its calendar once.
    Visit,
}

/// Which days of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Days {
    Today,
    Tomorrow,
    AfterTomorrow,
    /// Seven days from today.
    Week,
}

impl Item {
    /// The order in which a registration asks.
    pub(super) const TOUR: [Self; 4] = [Self::Area, Self::Reminder, Self::Topics, Self::Children];

    const WORDS: [(Self, &'static str); 6] = [
        (Self::Area, "area"),
        (Self::Reminder, "reminder"),
        (Self::Topics, "topics"),
        (Self::Children, "children"),
        (Self::Language, "language"),
        (Self::Letters, "letters"),
    ];
}

impl Days {
    const WORDS: [(Self, &'static str); 4] = [
        (Self::Today, "today"),
        (Self::Tomorrow, "tomorrow"),
        (Self::AfterTomorrow, "after-tomorrow"),
        (Self::Week, "week"),
    ];
}

impl Purpose {
    const WORDS: [(Self, &'static str); 2] = [(Self::Residence, "home"), (Self::Visit, "visit")];
}

fn word_of<T: PartialEq>(words: &[(T, &'static str)], value: &T) -> &'static str {
    words
        .iter()
        .find(|(v, _)| v == value)
        .map_or("", |(_, word)| word)
}

fn meaning_of<T: Copy>(words: &[(T, &'static str)], word: &str) -> Option<T> {
    words
        .iter()
        .find(|(_, w)| *w == word)
        .map(|(value, _)| *value)
}

impl fmt::Display for Intent {
    /// The data of a button that means this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}/")?;
        match self {
            Self::Help => f.write_str("help"),
            Self::Agree(version) => write!(f, "agree/{version}"),
            Self::Resume => f.write_str("resume"),
            Self::Ask(item) => write!(f, "ask/{}", word_of(&Item::WORDS, item)),
            Self::Remove(item) => write!(f, "remove/{}", word_of(&Item::WORDS, item)),
            Self::Skip => f.write_str("skip"),
            Self::Back => f.write_str("back"),
            Self::Cancel => f.write_str("cancel"),
            Self::Browse(shelf, purpose, page) => {
                let purpose = word_of(&Purpose::WORDS, purpose);
                match shelf {
                    Shelf::Entrance => write!(f, "areas/{purpose}/{page}/entrance"),
                    Shelf::Kana => write!(f, "areas/{purpose}/{page}/kana"),
                    Shelf::District(name) => write!(f, "areas/{purpose}/{page}/district/{name}"),
                    Shelf::Row(row) => write!(f, "areas/{purpose}/{page}/row/{row}"),
                    Shelf::Found(words) => write!(f, "areas/{purpose}/{page}/found/{words}"),
                }
            }
            Self::Live(Residence::Area(area)) => write!(f, "live/{area}"),
            Self::Live(Residence::Outside) => f.write_str("live/outside"),
            Self::Live(Residence::Unanswered) => f.write_str("live/unanswered"),
            Self::Remind(reminder) => write!(f, "remind/{reminder}"),
            Self::Topic(id) => write!(f, "topic/{id}"),
            Self::TopicsDone => f.write_str("topics-done"),
            Self::AddChild(kind) => write!(f, "child/{}", kind.as_str()),
            Self::RemoveChild(child) => {
                write!(f, "no-child/{}/{}", child.kind.as_str(), child.month)
            }
            Self::ChildrenDone => f.write_str("children-done"),
            Self::StopChildren => f.write_str("stop-children"),
            Self::Speak(code) => write!(f, "speak/{code}"),
            Self::Letters(letters) => write!(f, "letters/{}", letters.as_str()),
            Self::Show => f.write_str("show"),
            Self::Erase => f.write_str("erase"),
            Self::EraseYes => f.write_str("erase-yes"),
            Self::EraseNo => f.write_str("erase-no"),
            Self::Garbage(days) => write!(f, "garbage/{}", word_of(&Days::WORDS, days)),
            Self::OtherArea => f.write_str("other-area"),
            Self::GarbageIn(area, days) => {
                write!(f, "garbage-in/{}/{area}", word_of(&Days::WORDS, days))
            }
            Self::Next(category) => write!(f, "next/{category}"),
            Self::SortingHelp => f.write_str("sorting"),
            Self::Sort(item) => write!(f, "sort/{item}"),
            Self::Question(question) => write!(f, "question/{question}"),
            Self::Disaster => f.write_str("disaster"),
            Self::Evacuation => f.write_str("evacuation"),
            Self::Near(hazard, here) => {
                let hazard = hazard.map_or(ANY, Hazard::code);
                // To a metre.
                let (latitude, longitude) = (here.latitude(), here.longitude());
                write!(f, "near/{hazard}/{latitude:.5}/{longitude:.5}")
            }
            Self::Inquiry => f.write_str("inquiry"),
            Self::Words(words) => write!(f, "words/{words}"),
        }
    }
}

impl Intent {
    /// Reads a button's data; `None` for whatever no button of ours carries.
    pub(super) fn from_data(data: &str) -> Option<Self> {
        let rest = data.strip_prefix(VERSION)?.strip_prefix('/')?;
        let (verb, argument) = match rest.split_once('/') {
            Some((verb, argument)) => (verb, Some(argument)),
            None => (rest, None),
        };
        Some(match (verb, argument) {
            ("help", None) => Self::Help,
            ("agree", Some(version)) => Self::Agree(version.to_owned()),
            ("resume", None) => Self::Resume,
            ("ask", Some(item)) => Self::Ask(meaning_of(&Item::WORDS, item)?),
            ("remove", Some(item)) => Self::Remove(meaning_of(&Item::WORDS, item)?),
            ("skip", None) => Self::Skip,
            ("back", None) => Self::Back,
            ("cancel", None) => Self::Cancel,
            ("areas", Some(which)) => browse(which)?,
            ("live", Some("outside")) => Self::Live(Residence::Outside),
            ("live", Some("unanswered")) => Self::Live(Residence::Unanswered),
            ("live", Some(area)) => Self::Live(Residence::Area(area_id(area)?)),
            ("remind", Some(hour)) => Self::Remind(GarbageReminder::parse(hour).ok()?),
            ("topic", Some(id)) => Self::Topic(id.to_owned()),
            ("topics-done", None) => Self::TopicsDone,
            ("child", Some(kind)) => Self::AddChild(ChildKind::parse(kind).ok()?),
            ("no-child", Some(child)) => {
                let (kind, month) = child.split_once('/')?;
                Self::RemoveChild(Child {
                    kind: ChildKind::parse(kind).ok()?,
                    month: Month::parse(month).ok()?,
                })
            }
            ("children-done", None) => Self::ChildrenDone,
            ("stop-children", None) => Self::StopChildren,
            ("speak", Some(code)) => Self::Speak(code.to_owned()),
            ("letters", Some(letters)) => Self::Letters(Letters::parse(letters).ok()?),
            ("show", None) => Self::Show,
            ("erase", None) => Self::Erase,
            ("erase-yes", None) => Self::EraseYes,
            ("erase-no", None) => Self::EraseNo,
            ("garbage", Some(days)) => Self::Garbage(meaning_of(&Days::WORDS, days)?),
            ("other-area", None) => Self::OtherArea,
            ("garbage-in", Some(which)) => {
                let (days, area) = which.split_once('/')?;
                Self::GarbageIn(area_id(area)?, meaning_of(&Days::WORDS, days)?)
            }
            ("next", Some(category)) => Self::Next(category.to_owned()),
            ("sorting", None) => Self::SortingHelp,
            ("sort", Some(item)) => Self::Sort(item.to_owned()),
            ("question", Some(question)) => Self::Question(FaqId(question.parse().ok()?)),
            ("disaster", None) => Self::Disaster,
            ("evacuation", None) => Self::Evacuation,
            ("near", Some(which)) => near(which)?,
            ("inquiry", None) => Self::Inquiry,
            ("words", Some(words)) => Self::Words(words.to_owned()),
            _ => return None,
        })
    }
}

fn area_id(text: &str) -> Option<AreaId> {
    text.parse().ok().map(AreaId)
}

fn near(which: &str) -> Option<Intent> {
    let (hazard, here) = which.split_once('/')?;
    let (latitude, longitude) = here.split_once('/')?;
    let hazard = match hazard {
        ANY => None,
        code => Some(Hazard::parse(code)?),
    };
    let here = Location::in_japan(latitude.parse().ok()?, longitude.parse().ok()?)?;
    Some(Intent::Near(hazard, here))
}

fn browse(which: &str) -> Option<Intent> {
    let mut parts = which.splitn(4, '/');
    let purpose = meaning_of(&Purpose::WORDS, parts.next()?)?;
    let page = parts.next()?.parse().ok()?;
    let shelf = match (parts.next()?, parts.next()) {
        ("entrance", None) => Shelf::Entrance,
        ("kana", None) => Shelf::Kana,
        ("district", Some(name)) => Shelf::District(name.to_owned()),
        ("row", Some(row)) => Shelf::Row(row.to_owned()),
        ("found", Some(words)) => Shelf::Found(words.to_owned()),
        _ => return None,
    };
    Some(Intent::Browse(shelf, purpose, page))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn any_intent() -> impl Strategy<Value = Intent> {
        let item = proptest::sample::select(Item::WORDS.map(|(item, _)| item).to_vec());
        let days = proptest::sample::select(Days::WORDS.map(|(days, _)| days).to_vec());
        let purpose = proptest::sample::select(Purpose::WORDS.map(|(p, _)| p).to_vec());
        let shelf = prop_oneof![
            Just(Shelf::Entrance),
            Just(Shelf::Kana),
            "[ぁ-ん/ -]{1,9}".prop_map(Shelf::District),
            "[あかさたな]".prop_map(Shelf::Row),
            "\\PC{1,20}".prop_map(Shelf::Found),
        ];
        let hazard = proptest::option::of(proptest::sample::select(Hazard::ALL.to_vec()));
        let child =
            (1990i32..2100, 1u32..=12, any::<bool>()).prop_map(|(year, month, born)| Child {
                month: Month::of(NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()),
                kind: if born {
                    ChildKind::Born
                } else {
                    ChildKind::Due
                },
            });
        prop_oneof![
            proptest::sample::select(vec![
                Intent::Help,
                Intent::Resume,
                Intent::Skip,
                Intent::Back,
                Intent::Cancel,
                Intent::TopicsDone,
                Intent::ChildrenDone,
                Intent::StopChildren,
                Intent::Show,
                Intent::Erase,
                Intent::EraseYes,
                Intent::EraseNo,
                Intent::OtherArea,
                Intent::SortingHelp,
                Intent::Disaster,
                Intent::Evacuation,
                Intent::Inquiry,
                Intent::Live(Residence::Outside),
                Intent::Live(Residence::Unanswered),
                Intent::Remind(GarbageReminder::Never),
                Intent::Letters(Letters::Usual),
                Intent::Letters(Letters::Large),
            ]),
            item.clone().prop_map(Intent::Ask),
            item.prop_map(Intent::Remove),
            (shelf, purpose, 0usize..99).prop_map(|(s, p, n)| Intent::Browse(s, p, n)),
            any::<i64>().prop_map(|id| Intent::Live(Residence::Area(AreaId(id)))),
            (any::<i64>(), days).prop_map(|(id, days)| Intent::GarbageIn(AreaId(id), days)),
            child.prop_map(Intent::RemoveChild),
            "\\PC{0,20}".prop_map(Intent::Topic),
            "\\PC{0,20}".prop_map(Intent::Agree),
            "\\PC{0,20}".prop_map(Intent::Next),
            "\\PC{0,20}".prop_map(Intent::Sort),
            any::<i64>().prop_map(|id| Intent::Question(FaqId(id))),
            "\\PC{0,20}".prop_map(Intent::Words),
            (hazard, 2_000_000i32..=4_600_000, 12_200_000i32..=15_400_000).prop_map(
                |(hazard, north, east)| {
                    let degrees = |number: i32| f64::from(number) / 1e5;
                    match Location::in_japan(degrees(north), degrees(east)) {
                        Some(here) => Intent::Near(hazard, here),
                        None => Intent::Disaster,
                    }
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn a_button_means_what_it_was_made_to_mean(intent in any_intent()) {
            prop_assert_eq!(Intent::from_data(&intent.to_string()), Some(intent));
        }

        #[test]
        fn no_data_is_too_odd_to_read(data in "\\PC{0,60}") {
            let _ = Intent::from_data(&data);
        }
    }

    #[test]
    fn what_no_button_carries_means_nothing() {
        for data in [
            "",
            "help",
            "2/help",
            "1/",
            "1/help/",
            "1/help/x",
            "1/ask/shoe",
            "1/live/",
            "1/live/1a",
            "1/remind/noon",
            "1/garbage/someday",
            "1/areas/home/-1/kana",
            "1/no-child/birth/2024-13",
            "1/near/flood",
            "1/near/tea/35.0/139.0",
            "1/near/flood/139.0/35.0",
            "1/near/any/35.0/NaN",
        ] {
            assert_eq!(Intent::from_data(data), None, "{data}");
        }
    }
}
