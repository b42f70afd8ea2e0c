//! The town's file of questions, checked.

use std::collections::HashMap;

use crate::ids::FaqId;
use crate::table::{Finding, Row, Source, Table};

/// The longest question: two lines on a phone.
pub(crate) const QUESTION_MAX: usize = 100;
/// The longest answer: more is a page of the town's site, not a message.
pub(crate) const ANSWER_MAX: usize = 500;

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

/// An entry that has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub question: String,
    pub answer: String,
    pub synonyms: Vec<String>,
    pub link: Option<String>,
    pub category: Option<String>,
}

/// Reads the file, and finds all its faults at once.
pub(super) fn parse(source: &Source) -> Result<Vec<Draft>, Vec<Finding>> {
    let table = Table::read(source)?;
    let (Some(question), Some(answer)) = (
        table.column(&["question", "質問"]),
        table.column(&["answer", "回答"]),
    ) else {
        let expected = "the header has no question or no answer column; expected question,answer,synonyms,link,category";
        return Err(vec![source.finding(1, None, expected)]);
    };
    let synonyms = table.column(&["synonyms", "言い換え"]);
    let link = table.column(&["link", "リンク"]);
    let category = table.column(&["category", "分類"]);
    let optional = |row: &Row, column: Option<usize>| {
        column
            .map(|c| row.cell(c).to_owned())
            .filter(|cell| !cell.is_empty())
    };

    let mut findings = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut drafts = Vec::new();
    for row in &table.rows {
        let mut fault = |column: usize, message: String| {
            findings.push(source.finding(row.line, Some(column + 1), message));
        };
        for (column, what, max) in [
            (question, "question", QUESTION_MAX),
            (answer, "answer", ANSWER_MAX),
        ] {
            match row.cell(column).chars().count() {
                0 => fault(column, format!("the {what} is blank")),
                n if n > max => fault(
                    column,
                    format!("the {what} has {n} characters; at most {max} are shown"),
                ),
                _ => {}
            }
        }
        if let Some(first) = lines.insert(row.cell(question).to_owned(), row.line) {
            fault(
                question,
                format!("this question stands on line {first} already; merge the two"),
            );
        }
        let address = optional(row, link);
        if let (Some(address), Some(column)) = (&address, link)
            && !(address.starts_with("https://") || address.starts_with("http://"))
        {
            fault(
                column,
                format!("{address:?} is no address; write it from https:// on"),
            );
        }
        drafts.push(Draft {
            question: row.cell(question).to_owned(),
            answer: row.cell(answer).to_owned(),
            synonyms: synonyms
                .map(|c| row.cell(c).split('|').map(str::trim))
                .into_iter()
                .flatten()
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            link: address,
            category: optional(row, category),
        });
    }
    if findings.is_empty() {
        Ok(drafts)
    } else {
        Err(findings)
    }
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
