//! What files have wrong, told to staff in Japanese.

use crate::table::Finding;

/// A fault that staff are told of. Its words are a `match` without a rest, so that a new one does not compile
/// before it has some.
pub(super) trait InJapanese {
    /// What was found, and what to do.
    fn in_japanese(&self) -> String;
}

/// A finding in words for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The file: 「area_days.csv」.
    pub(super) file: String,
    /// Where in it: 「3行目の4列目」.
    pub(super) place: String,
    /// What was found, and what to do.
    pub(super) text: String,
}

/// Findings listed at most; a wrong column repeats itself in every row.
const LISTED: usize = 200;

/// Findings as a page lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// The first of them.
    pub(super) first: Vec<Told>,
    /// How many more there are.
    pub(super) more: usize,
}

impl Listed {
    pub(super) fn of<F: InJapanese>(findings: &[Finding<F>]) -> Self {
        Self {
            first: findings.iter().take(LISTED).map(Told::of).collect(),
            more: findings.len().saturating_sub(LISTED),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.first.len() + self.more
    }
}

impl Told {
    fn of<F: InJapanese>(finding: &Finding<F>) -> Self {
        Self {
            file: finding.file.clone(),
            place: match finding.column {
                Some(column) => format!("{}行目の{column}列目", finding.line),
                None => format!("{}行目", finding.line),
            },
            text: finding.fault.in_japanese(),
        }
    }
}
