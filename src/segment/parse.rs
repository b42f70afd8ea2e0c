//! Text → segment. `district:本町地区 and (topic:garbage or child:0..36) and not language:en`.
//!
//! `not` binds tighter than `and`, `and` tighter than `or`. Names with spaces or brackets stand between
//! quotation marks. Brackets, colons and spaces may be full-width, as Japanese keyboards write them.

use std::fmt;

use chrono::NaiveDate;

use super::model::{FIELDS, Fact, Segment, Span};
use crate::language::Language;
use crate::resident::{GarbageReminder, Month};

/// Deepest that brackets and `not`s may stand in each other: more than anybody writes by hand.
const DEEPEST: usize = 32;
/// Oldest child spoken of, in months: of age.
const OLDEST_MONTHS: u32 = 20 * 12;

/// Why a text is no segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: found {found}, expected {expected}")]
pub struct NotASegment {
    /// Where, in characters from 1.
    pub column: usize,
    /// What stands there.
    pub found: Found,
    /// What could.
    pub expected: Expected,
}

/// What stands where something else was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This.
    Text(String),
    /// Nothing more.
    End,
}

/// What can stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// `everyone`, `not`, a bracket, or a field with its value.
    Condition,
    /// `and`, `or`, or the end.
    Joint,
    /// `and`, `or`, or the bracket that closes.
    Closing,
    /// The colon after this field.
    Colon(&'static str),
    /// What stands behind the colon of this field.
    Value(&'static str),
    /// Two ends of which the first is not the later.
    Order,
    /// The quotation mark that closes.
    Quote,
    /// Fewer brackets in each other.
    Shallower,
}

/// Reads a segment.
///
/// ```
/// let text = "district:本町地区 and not (language:en or child:0..36)";
/// assert_eq!(kairan::segment::parse(text)?.to_string(), text);
/// let fault = kairan::segment::parse("district:本町地区 nad topic:event").unwrap_err();
/// assert_eq!(fault.to_string(), "column 15: found `nad`, expected `and`, `or` or the end");
/// # Ok::<(), kairan::segment::NotASegment>(())
/// ```
///
/// # Errors
/// The column of the first thing that cannot stand there, and what could.
pub fn parse(text: &str) -> Result<Segment, NotASegment> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
        end: text.chars().count() + 1,
        depth: 0,
    };
    let segment = reader.any()?;
    match reader.next() {
        None => Ok(segment),
        Some(token) => Err(token.refused(Expected::Joint)),
    }
}

/// Whether `c` may stand in a name without quotation marks.
pub(super) fn stands_in_word(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | '（' | '）' | ':' | '：' | '"' | '\\')
}

#[derive(Debug, Clone)]
struct Token {
    column: usize,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Colon,
    Word(String),
    Quoted(String),
}

impl Token {
    fn refused(&self, expected: Expected) -> NotASegment {
        let found = match &self.kind {
            Kind::Open => "(".to_owned(),
            Kind::Close => ")".to_owned(),
            Kind::Colon => ":".to_owned(),
            Kind::Word(word) | Kind::Quoted(word) => word.clone(),
        };
        NotASegment {
            column: self.column,
            found: Found::Text(found),
            expected,
        }
    }

    fn is(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own.eq_ignore_ascii_case(word))
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, NotASegment> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().zip(1..).peekable();
    while let Some((c, column)) = chars.next() {
        let kind = match c {
            c if c.is_whitespace() => continue,
            '(' | '（' => Kind::Open,
            ')' | '）' => Kind::Close,
            ':' | '：' => Kind::Colon,
            '"' => {
                let mut name = String::new();
                loop {
                    let escaped = chars.next_if(|(c, _)| *c == '\\').is_some();
                    match chars.next() {
                        Some(('"', _)) if !escaped => break,
                        Some((c, _)) => name.push(c),
                        None => {
                            return Err(NotASegment {
                                column,
                                found: Found::Text(name),
                                expected: Expected::Quote,
                            });
                        }
                    }
                }
                Kind::Quoted(name)
            }
            first => {
                let mut word = String::from(first);
                while let Some((c, _)) = chars.next_if(|(c, _)| stands_in_word(*c)) {
                    word.push(c);
                }
                Kind::Word(word)
            }
        };
        tokens.push(Token { column, kind });
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.peek().is_some_and(|token| token.is(word));
        self.at += usize::from(there);
        there
    }

    fn ended(&self, expected: Expected) -> NotASegment {
        NotASegment {
            column: self.end,
            found: Found::End,
            expected,
        }
    }

    fn any(&mut self) -> Result<Segment, NotASegment> {
        let mut segment = self.all()?;
        while self.takes("or") {
            segment = segment.or(self.all()?);
        }
        Ok(segment)
    }

    fn all(&mut self) -> Result<Segment, NotASegment> {
        let mut segment = self.one()?;
        while self.takes("and") {
            segment = segment.and(self.one()?);
        }
        Ok(segment)
    }

    fn one(&mut self) -> Result<Segment, NotASegment> {
        let Some(token) = self.next() else {
            return Err(self.ended(Expected::Condition));
        };
        if self.depth == DEEPEST {
            return Err(token.refused(Expected::Shallower));
        }
        self.depth += 1;
        let segment = match &token.kind {
            _ if token.is("everyone") => Ok(Segment::Everyone),
            _ if token.is("not") => self.one().map(Segment::not),
            Kind::Open => self.bracketed(),
            Kind::Word(word) => match FIELDS.iter().find(|(field, _)| word == field) {
                Some((field, _)) => self.fact(field),
                None => Err(token.refused(Expected::Condition)),
            },
            _ => Err(token.refused(Expected::Condition)),
        };
        self.depth -= 1;
        segment
    }

    fn bracketed(&mut self) -> Result<Segment, NotASegment> {
        let segment = self.any()?;
        match self.next() {
            Some(token) if token.kind == Kind::Close => Ok(segment),
            Some(token) => Err(token.refused(Expected::Closing)),
            None => Err(self.ended(Expected::Closing)),
        }
    }

    fn fact(&mut self, field: &'static str) -> Result<Segment, NotASegment> {
        match self.next() {
            Some(token) if token.kind == Kind::Colon => {}
            Some(token) => return Err(token.refused(Expected::Colon(field))),
            None => return Err(self.ended(Expected::Colon(field))),
        }
        let Some(token) = self.next() else {
            return Err(self.ended(Expected::Value(field)));
        };
        let mut value = match &token.kind {
            Kind::Word(value) | Kind::Quoted(value) if !value.is_empty() => value.clone(),
            _ => return Err(token.refused(Expected::Value(field))),
        };
        // An hour has a colon of its own.
        if field == "reminder" && self.peek().is_some_and(|token| token.kind == Kind::Colon) {
            self.at += 1;
            if let Some(Token {
                kind: Kind::Word(minutes),
                ..
            }) = self.next()
            {
                value = format!("{value}:{minutes}");
            }
        }
        fact(field, value)
            .map(Segment::Is)
            .map_err(|expected| token.refused(expected))
    }
}

fn fact(field: &'static str, value: String) -> Result<Fact, Expected> {
    let wrong = Expected::Value(field);
    let month = |text: &str| Month::parse(text).ok();
    let age = |text: &str| text.parse().ok().filter(|age| *age <= OLDEST_MONTHS);
    Ok(match field {
        "district" => Fact::District(value),
        "area" => Fact::Area(value),
        "topic" => Fact::Topic(value),
        "child" => Fact::Child(span(&value, age, wrong)?),
        "born" => Fact::Born(span(&value, month, wrong)?),
        "due" => Fact::Due(span(&value, month, wrong)?),
        "language" => Fact::Language(Language::parse(&value).map_err(|_| wrong)?),
        "registered" => {
            let day = |text: &str| text.parse::<NaiveDate>().ok();
            Fact::Registered(span(&value, day, wrong)?)
        }
        _ => Fact::Reminder(GarbageReminder::parse(&value).map_err(|_| wrong)?),
    })
}

/// Reads `A..B`, `A..`, `..B` or `A`.
fn span<T: PartialOrd + Copy>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
    wrong: Expected,
) -> Result<Span<T>, Expected> {
    let end = |text: &str| match text {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(|| wrong.clone()),
    };
    let Some((from, to)) = text.split_once("..") else {
        return end(text)?.map(Span::only).ok_or(wrong);
    };
    let (from, to) = (end(from)?, end(to)?);
    match (from, to) {
        (None, None) => Err(wrong),
        _ => Span::new(from, to).ok_or(Expected::Order),
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "`{text}`"),
            Self::End => f.write_str("the end"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Condition => {
                let fields: Vec<String> = FIELDS.iter().map(|(f, _)| format!("`{f}:`")).collect();
                write!(f, "`everyone`, `not`, `(` or one of {}", fields.join(", "))
            }
            Self::Joint => f.write_str("`and`, `or` or the end"),
            Self::Closing => f.write_str("`and`, `or` or `)`"),
            Self::Colon(field) => write!(f, "`:` after `{field}`"),
            Self::Value(field) => {
                let value = FIELDS.iter().find(|(known, _)| known == field);
                write!(f, "{}", value.map_or("a value", |(_, value)| value))
            }
            Self::Order => f.write_str("the earlier or smaller end first"),
            Self::Quote => f.write_str("a `\"` at the end of the name"),
            Self::Shallower => write!(f, "at most {DEEPEST} brackets in each other"),
        }
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
