//! What a careful colleague would point out in a manuscript (読み合わせ). A person may overrule each with a
//! reason, so it is better to miss something than to cry wolf: drafters who are used to false alarms read
//! no alarm at all.

mod dates;
mod numbers;
mod wording;

use chrono::{NaiveDate, Weekday};
use unicode_normalization::UnicodeNormalization;

use super::content::{Manuscript, Target};
use super::links;
use crate::policy::Profile;

/// Something worth a second look. What it quotes is as it was written, but in NFKC.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each field is named as the sentence above it uses it"
)]
pub enum Slip {
    /// That day `is` another day of the week.
    WrongWeekday { written: String, is: Weekday },
    /// No calendar has that day.
    NoSuchDate { written: String },
    /// That day is over when it is sent.
    Past { written: String },
    /// There is neither a telephone number nor a link to turn to.
    NoContact,
    /// A mobile telephone, which is probably somebody's own.
    Mobile { written: String },
    /// A telephone of another place.
    OtherPhone { written: String },
    /// A mail address that is not the town's.
    Mail { written: String },
    /// Twelve digits that pass for somebody's individual number. They are not repeated.
    PersonalNumber,
    /// An amount with its commas out of place.
    Amount { written: String },
    /// Half-width kana, which old programs garble and readers stumble over.
    HalfWidthKana { written: String },
    /// A sentence in capitals, which screen readers spell out.
    Capitals { written: String },
    /// A sentence that nobody reads to its end.
    LongSentence { begins: String },
    /// An address that cannot be tapped.
    NoScheme { written: String },
    /// A shortened address, which phones open although it begins with no `https://`.
    Shortened { written: String },
    /// Hearsay.
    Hearsay { written: String },
    /// A word that belittles.
    Word { written: String },
    /// Something of the inside of the town's own systems.
    Inside { written: String },
}

impl Slip {
    /// What it is and of what, in one word: who overrules it overrules exactly this.
    pub fn key(&self) -> String {
        let (kind, written) = match self {
            Self::WrongWeekday { written, .. } => ("wrong_weekday", written.as_str()),
            Self::NoSuchDate { written } => ("no_such_date", written.as_str()),
            Self::Past { written } => ("past", written.as_str()),
            Self::NoContact => ("no_contact", ""),
            Self::Mobile { written } => ("mobile", written.as_str()),
            Self::OtherPhone { written } => ("other_phone", written.as_str()),
            Self::Mail { written } => ("mail", written.as_str()),
            Self::PersonalNumber => ("personal_number", ""),
            Self::Amount { written } => ("amount", written.as_str()),
            Self::HalfWidthKana { written } => ("half_width_kana", written.as_str()),
            Self::Capitals { written } => ("capitals", written.as_str()),
            Self::LongSentence { begins } => ("long_sentence", begins.as_str()),
            Self::NoScheme { written } => ("no_scheme", written.as_str()),
            Self::Shortened { written } => ("shortened", written.as_str()),
            Self::Hearsay { written } => ("hearsay", written.as_str()),
            Self::Word { written } => ("word", written.as_str()),
            Self::Inside { written } => ("inside", written.as_str()),
        };
        format!("{kind}:{written}")
    }
}

/// Every slip in what residents would read on `day`, in no order, each once.
pub fn lint(manuscript: &Manuscript, profile: &Profile, day: NaiveDate) -> Vec<Slip> {
    let mut slips = Vec::new();
    let mut contact = !manuscript.links().is_empty();
    for block in &manuscript.blocks {
        for words in block.words() {
            wording::half_width_kana(words, &mut slips);
            let words: String = links::blanked(words).nfkc().collect();
            dates::check(&words, day, &mut slips);
            contact |= numbers::check(&words, profile, &mut slips);
            wording::check(&words, profile, &mut slips);
        }
        for button in block.buttons() {
            if let Target::Phone(number) = &button.target {
                contact |= numbers::check(number, profile, &mut slips);
            }
        }
    }
    if !contact {
        slips.push(Slip::NoContact);
    }
    let mut known: Vec<Slip> = Vec::new();
    for slip in slips {
        if known.iter().all(|other| other.key() != slip.key()) {
            known.push(slip);
        }
    }
    known
}

#[cfg(test)]
mod tests;
