//! A question and its answer, checked; and the town's file of them.

use std::collections::HashMap;

use serde::Serialize;

use crate::ids::FaqId;
use crate::table::{Fault, Finding, Source, Table, plain};

/// The longest question: two lines on a phone.
pub(crate) const QUESTION_MAX: usize = 100;
/// The longest answer: more is a page of the town's site, not a message.
pub(crate) const ANSWER_MAX: usize = 500;
/// The longest category: a heading.
const CATEGORY_MAX: usize = 30;

/// What parts synonyms in a file and in the database.
pub(super) const PARTING: &str = "|";

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The entry, as buttons refer to it.
    pub id: FaqId,
    /// The question as the town words it.
    pub question: String,
    /// The answer, with the office in charge and its telephone number.
    pub answer: String,
    /// Other words residents use for it.
    pub synonyms: Vec<String>,
    /// Where to read more.
    pub link: Option<String>,
    /// The heading it stands under.
    pub category: Option<String>,
}

/// What is to be written as an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// See [`Entry::question`].
    pub question: String,
    /// See [`Entry::answer`].
    pub answer: String,
    /// See [`Entry::synonyms`].
    pub synonyms: Vec<String>,
    /// See [`Entry::link`].
    pub link: Option<String>,
    /// See [`Entry::category`].
    pub category: Option<String>,
}

/// A part of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// [`Entry::question`].
    Question,
    /// [`Entry::answer`].
    Answer,
    /// [`Entry::synonyms`].
    Synonyms,
    /// [`Entry::link`].
    Link,
    /// [`Entry::category`].
    Category,
}

impl Draft {
    /// The draft without blanks around its parts and without blank parts. Synonyms are parted by `|`,
    /// 「、」 or line breaks.
    pub fn new(question: &str, answer: &str, synonyms: &str, link: &str, category: &str) -> Self {
        let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            question: question.trim().to_owned(),
            answer: answer.replace("\r\n", "\n").trim().to_owned(),
            synonyms: synonyms
                .split(['|', '｜', '、', '\n'])
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            link: optional(link),
            category: optional(category),
        }
    }

    /// What is wrong with it; nothing when it can be published.
    pub fn faults(&self) -> Vec<(Field, Fault)> {
        let mut faults = Vec::new();
        let category = self.category.as_deref();
        for (field, what, text, most) in [
            (
                Field::Question,
                "question",
                Some(self.question.as_str()),
                QUESTION_MAX,
            ),
            (
                Field::Answer,
                "answer",
                Some(self.answer.as_str()),
                ANSWER_MAX,
            ),
            (Field::Category, "category", category, CATEGORY_MAX),
        ] {
            let found = text.map(|text| text.chars().count());
            match found {
                Some(0) => faults.push((field, Fault::Blank(what))),
                Some(found) if found > most => {
                    faults.push((field, Fault::TooLong { what, found, most }));
                }
                _ => {}
            }
        }
        if let Some(link) = &self.link
            && !(link.starts_with("https://") || link.starts_with("http://"))
        {
            faults.push((Field::Link, Fault::NoAddress(link.clone())));
        }
        faults
    }
}

impl From<&Entry> for Draft {
    fn from(entry: &Entry) -> Self {
        Self {
            question: entry.question.clone(),
            answer: entry.answer.clone(),
            synonyms: entry.synonyms.clone(),
            link: entry.link.clone(),
            category: entry.category.clone(),
        }
    }
}

/// The header of the file.
pub(super) const HEADER: [&str; 5] = ["質問", "回答", "言い換え", "リンク", "分類"];

/// Reads the file, and finds all its faults at once.
pub(super) fn parse(source: &Source) -> Result<Vec<Draft>, Vec<Finding>> {
    let table = Table::read(source)?;
    let (Some(question), Some(answer)) = (
        table.column(&["question", "質問"]),
        table.column(&["answer", "回答"]),
    ) else {
        let expected =
            Fault::NoColumn("question or answer; expected question,answer,synonyms,link,category");
        return Err(vec![source.fault(1, None, expected)]);
    };
    let synonyms = table.column(&["synonyms", "言い換え"]);
    let link = table.column(&["link", "リンク"]);
    let category = table.column(&["category", "分類"]);

    let mut findings = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut drafts = Vec::new();
    for row in &table.rows {
        let cell = |column: Option<usize>| column.map_or("", |column| plain(row.cell(column)));
        let draft = Draft::new(
            cell(Some(question)),
            cell(Some(answer)),
            cell(synonyms),
            cell(link),
            cell(category),
        );
        let column = |field| match field {
            Field::Question => Some(question),
            Field::Answer => Some(answer),
            Field::Synonyms => synonyms,
            Field::Link => link,
            Field::Category => category,
        };
        let mut faults = draft.faults();
        if let Some(line) = lines.insert(draft.question.clone(), row.line) {
            let what = "question";
            faults.push((Field::Question, Fault::Twice { what, line }));
        }
        for (field, fault) in faults {
            findings.push(source.fault(row.line, column(field).map(|c| c + 1), fault));
        }
        drafts.push(draft);
    }
    if findings.is_empty() {
        Ok(drafts)
    } else {
        Err(findings)
    }
}

/// An entry as a row of the file.
pub(super) fn row(entry: &Entry) -> [String; 5] {
    [
        entry.question.clone(),
        entry.answer.clone(),
        entry.synonyms.join(PARTING),
        entry.link.clone().unwrap_or_default(),
        entry.category.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let found = parse(&Source::new("faq.csv", text)).unwrap_err();
        found.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn headings_may_be_japanese_and_lists_are_parted_by_bars() {
        let text = "分類,質問,回答,言い換え\n暮らし,犬を飼う,登録を。,犬| ペット |\n";
        let drafts = parse(&Source::new("faq.csv", text)).unwrap();
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].synonyms, ["犬", "ペット"]);
        assert_eq!(drafts[0].link, None);
        assert_eq!(drafts[0].category.as_deref(), Some("暮らし"));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let long = "あ".repeat(ANSWER_MAX + 1);
        let found = faults(&format!(
            "question,answer,synonyms,link,category\n犬,,,,\n猫,{long},,www.example.jp,\n犬,A,,,\n"
        ));
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].starts_with("faq.csv:2:2: the answer is blank"));
        assert!(found[1].starts_with("faq.csv:3:2: the answer has 501"));
        assert!(found[2].starts_with("faq.csv:3:4: \"www.example.jp\""));
        assert!(found[3].starts_with("faq.csv:4:1: this question stands on line 2"));
        assert!(faults("a,b\n1,2\n")[0].starts_with("faq.csv:1: the header"));
    }
}
