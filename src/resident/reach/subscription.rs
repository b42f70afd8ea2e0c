//! What residents asked to hear of, as something on its way to them has it with it: what somebody has stopped meanwhile
//! must not arrive.

use std::fmt;

use crate::resident::{ChildKind, GarbageReminder, Month};

/// What residents asked to hear of. As text it reads back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscription {
    /// Garbage days, at this hour.
    Garbage(GarbageReminder),
    /// What comes for a child …
    Children {
        /// … born, or to be born …
        kind: ChildKind,
        /// … from this month …
        first: Month,
        /// … to this one …
        last: Month,
        /// … and is of this topic, where it takes one.
        topic: Option<String>,
    },
}

impl Subscription {
    /// Reads its text.
    pub fn parse(text: &str) -> Option<Self> {
        let (what, rest) = text.split_once('/')?;
        if what == "garbage" {
            return GarbageReminder::parse(rest).ok().map(Self::Garbage);
        }
        // A topic's id is the town's: whatever is left.
        let mut parts = rest.splitn(4, '/');
        let kind = ChildKind::parse(parts.next()?).ok()?;
        let first = Month::parse(parts.next()?).ok()?;
        let last = Month::parse(parts.next()?).ok()?;
        let topic = parts.next().map(str::to_owned);
        (what == "children").then_some(Self::Children {
            kind,
            first,
            last,
            topic,
        })
    }
}

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Garbage(hour) => write!(f, "garbage/{hour}"),
            Self::Children {
                kind,
                first,
                last,
                topic,
            } => {
                write!(f, "children/{}/{first}/{last}", kind.as_str())?;
                match topic {
                    Some(topic) => write!(f, "/{topic}"),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_reads_back() {
        for text in [
            "garbage/before-19:00",
            "children/birth/2020-04/2021-03",
            "children/due/2027-01/2027-01/childcare",
            "children/due/2027-01/2027-01/a/b",
        ] {
            let read = Subscription::parse(text).map(|read| read.to_string());
            assert_eq!(read.as_deref(), Some(text));
        }
        for odd in [
            "",
            "garbage",
            "garbage/noon",
            "children/birth/2020-04",
            "tea/birth/2020-04/2020-04",
        ] {
            assert_eq!(Subscription::parse(odd), None, "{odd}");
        }
    }
}
