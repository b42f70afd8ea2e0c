//! What can be wrong with a template's file.

use thiserror::Error;

use super::model::Tongue;
use super::wording::Slip;
use crate::table;

/// What is wrong at one place of a template's file. It prints in English, for who runs commands; the console has its
/// own words for it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "each says what it is about")]
pub enum Fault {
    /// The bytes are no text.
    #[error(transparent)]
    Table(#[from] table::Fault),
    /// It is no TOML, or has a key that templates have not.
    #[error("{0}")]
    Toml(String),
    #[error("code `{0}` is not usable; write up to 20 capitals, digits and hyphens, like EV4")]
    Code(String),
    #[error("name `{0}` is not usable; write 1 to 40 characters")]
    Name(String),
    #[error("`{0}` stands in another file too; choose another code")]
    CodeTwice(String),
    #[error(
        "nothing lifts or corrects it; write answers = \"CODE\" of the template that does, or is_answer = true if it lifts or corrects others itself"
    )]
    NoAnswer,
    #[error("it is an answer itself; leave `answers` or `is_answer` out")]
    AnswersItself,
    #[error("`{0}` lifts or corrects nothing itself; name one with is_answer = true")]
    NotAnAnswer(String),
    #[error("there is no `{0}` to lift or correct it; write that template first")]
    AnswerMissing(String),
    #[error("there is no `{0}` to announce it; write that template first")]
    AnnouncementMissing(String),
    #[error("key `{0}` is not usable; write lower-case letters")]
    Key(String),
    #[error("`{0}` is known without a field; choose another key")]
    KeyKnown(String),
    #[error("the field `{0}` stands twice; give each its own key")]
    KeyTwice(String),
    #[error("`{0}` needs a label and a hint; somebody fills it in at night")]
    NoHint(String),
    #[error("`{0}` has no bound; write most = …")]
    NoBound(String),
    #[error("`{0}`: a choice, and nothing else, has [[field.choice]]")]
    Choices(String),
    #[error("`{key}` offers `{choice}` twice")]
    ChoiceTwice { key: String, choice: String },
    #[error("`{0}`: only a text can be coarse")]
    Coarse(String),
    #[error("`{key}` needs `{needs}`, which is no consent; write the key of one")]
    NoConsent { key: String, needs: String },
    #[error("no wording says `{0}`; leave the field out")]
    Unsaid(String),
    #[error("it is empty; residents read it, so write it")]
    Empty,
    #[error("it does not say for where; write {{place}}")]
    NoPlace,
    #[error("it does not say when; write {{issued}}")]
    NoTime,
    #[error("`{{{0}` opens a place and never closes it")]
    Open(String),
    #[error("`{0}` closes a place that it never opened")]
    Closed(String),
    #[error("nothing fills `{{{0}}}`; there is no such field")]
    NoField(String),
    #[error("`{{{0}}}` is a consent, which nobody reads")]
    ConsentSaid(String),
    #[error(
        "`{{{key}}}` is typed in Japanese at night and translated by nobody; use a choice, or leave it out of {}",
        tongue.code()
    )]
    Untranslated { key: String, tongue: Tongue },
    #[error("not every choice of `{key}` has `{word}`")]
    WordMissing { key: String, word: String },
    #[error("`{{{key}.{word}}}`: only a choice has words of its own")]
    NoWords { key: String, word: String },
    #[error(
        "signal and call have {found} characters; with {most} at most, a place fits beside them in a notification"
    )]
    LongHead { found: usize, most: usize },
    /// Words that must not be said.
    #[error("{0}")]
    Slip(Slip),
}
