//! A segment from what was ticked, for who would rather not write one.

use super::form::Sent;
use crate::area::Directory;
use crate::language::Language;
use crate::policy::Profile;
use crate::segment::{Fact, Segment, Span};
use crate::web::Choice;

/// What can be ticked.
pub(super) struct Picks {
    pub(super) districts: Vec<Choice>,
    pub(super) topics: Vec<Choice>,
    pub(super) languages: Vec<Choice>,
}

impl Picks {
    pub(super) fn of(profile: &Profile, directory: &Directory) -> Self {
        let japanese = Language::japanese();
        let topics = profile.topics.iter();
        Self {
            districts: directory
                .districts()
                .into_iter()
                .map(|name| Choice::new(name, name))
                .collect(),
            topics: topics
                .map(|topic| Choice::new(topic.id.clone(), topic.name_in(japanese)))
                .collect(),
            languages: Language::all()
                .map(|language| Choice::new(language.code(), language.name()))
                .collect(),
        }
    }
}

/// Those in any of the districts ticked, with any of the topics, a child of this age, and any of the
/// languages; everybody, when nothing is.
pub(super) fn picked(sent: &Sent) -> Segment {
    let any = |name: &str, fact: fn(String) -> Option<Fact>| -> Option<Segment> {
        let facts = sent.all(name).filter_map(|value| fact(value.to_owned()));
        facts.map(Segment::Is).reduce(Segment::or)
    };
    let months = |name: &str| sent.one(name).parse::<u32>().ok();
    let ages = Span::new(months("pick-from"), months("pick-to"));
    let parts = [
        any("pick-district", |name| Some(Fact::District(name))),
        any("pick-topic", |id| Some(Fact::Topic(id))),
        ages.map(|ages| Segment::Is(Fact::Child(ages))),
        any("pick-language", |code| {
            Language::parse(&code).ok().map(Fact::Language)
        }),
    ];
    let all = parts.into_iter().flatten().reduce(Segment::and);
    all.unwrap_or(Segment::Everyone)
}
