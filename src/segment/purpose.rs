//! What personal data were asked for, and what a message is for: the one must cover the other.

use super::model::{Fact, Segment};
use crate::policy::{Category, Held, Profile};

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Collections of garbage.
    Garbage,
    /// Pregnancy and childcare.
    Childcare,
    /// Anything else the town tells its residents.
    News,
}

/// A segment asks for what was not told for this use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}:` cannot be used for this: {name} is registered for “{purpose}” only ({clause})")]
pub struct BeyondPurpose {
    /// The field of the segment.
    pub field: &'static str,
    /// What residents call what they told.
    pub name: String,
    /// What it was asked for.
    pub purpose: String,
    /// Where that is laid down.
    pub clause: String,
}

impl Use {
    /// What messages of a category are for.
    pub fn of(category: &Category) -> Self {
        match category.id.as_str() {
            "garbage" => Self::Garbage,
            "childcare" => Self::Childcare,
            _ => Self::News,
        }
    }
}

/// Whether everything `segment` asks of residents was told for this use; the register of personal data
/// (`personal_field` of the policy) says for what.
///
/// # Errors
/// Each field that was not, once.
pub fn check(profile: &Profile, segment: &Segment, purpose: Use) -> Result<(), Vec<BeyondPurpose>> {
    let mut beyond: Vec<BeyondPurpose> = Vec::new();
    for fact in segment.facts() {
        let field = fact.field();
        let told = covers(fact, purpose);
        if told || beyond.iter().any(|known| known.field == field) {
            continue;
        }
        let entry = profile
            .personal_fields
            .iter()
            .find(|e| Some(e.field) == held(fact));
        let clause = profile.personal.clause.as_ref();
        beyond.push(BeyondPurpose {
            field,
            name: entry.map_or(field, |entry| &entry.name).to_owned(),
            purpose: entry.map(|entry| entry.purpose.clone()).unwrap_or_default(),
            clause: clause.map_or_else(|| profile.personal.law.clone(), |c| profile.cite(c)),
        });
    }
    match beyond.is_empty() {
        true => Ok(()),
        false => Err(beyond),
    }
}

/// Which entry of the register a fact is read from; when somebody came is told by LINE, not by them.
fn held(fact: &Fact) -> Option<Held> {
    match fact {
        Fact::District(_) | Fact::Area(_) => Some(Held::Area),
        Fact::Topic(_) => Some(Held::Topics),
        Fact::Child(_) | Fact::Born(_) | Fact::Due(_) => Some(Held::Children),
        Fact::Language(_) => Some(Held::Language),
        Fact::Reminder(_) => Some(Held::Reminder),
        Fact::Registered(_) => None,
    }
}

/// Whether what was told may serve this use. Children are told for notices about children, an hour for
/// garbage days; where somebody lives, what they chose to hear of and what they read, for whatever reaches them.
fn covers(fact: &Fact, purpose: Use) -> bool {
    match held(fact) {
        Some(Held::Children) => purpose == Use::Childcare,
        Some(Held::Reminder) => purpose == Use::Garbage,
        _ => true,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::policy::Document;
    use crate::segment::parse;

    fn refused(text: &str, purpose: Use) -> Vec<String> {
        let policy = include_str!("../../sample-town/policy.toml");
        let profile = Document::parse(policy.to_owned()).unwrap().profile;
        let refused = check(&profile, &parse(text).unwrap(), purpose);
        let refused = refused.err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_told_for_one_thing_serves_no_other() {
        let children = "topic:event and not (child:0..36 or child:40) or due:2027-01";
        assert_eq!(refused(children, Use::Childcare), [""; 0]);
        let told = refused(children, Use::News);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("`child:`") && told[0].contains("お子さんの生まれ月・予定月"));
        assert!(told[0].contains("妊娠・子育てのお知らせを、時期に合わせて届けるため"));
        assert!(told[0].contains(" 10)"), "its clause: {told:?}");
        assert_eq!(refused("reminder:before-19:00", Use::Garbage), [""; 0]);
        assert_eq!(refused("reminder:before-19:00", Use::Childcare).len(), 1);
        let open = "district:本町地区 and topic:event and language:en and registered:2026-04-01..";
        for purpose in [Use::Garbage, Use::Childcare, Use::News] {
            assert_eq!(refused(open, purpose), [""; 0]);
        }
    }
}
