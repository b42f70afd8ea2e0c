//! A CSV file as rows of trimmed cells that know their lines.

use unicode_normalization::UnicodeNormalization;

use crate::table::{Finding, Source};

#[derive(Debug)]
pub(super) struct Sheet<'a> {
    source: &'a Source,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// Reads `source`; rows without any text are left out.
    pub(super) fn read(source: &'a Source) -> Result<Self, Finding> {
        let text = source.text()?.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let (mut line, mut counted) = (1, 0);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| source.finding(line, None, e.to_string()))?;
            let from = record
                .position()
                .map_or(counted, |at| usize::try_from(at.byte()).unwrap_or(counted));
            // The reader's position is before the blank lines it passes over.
            let blank = text[from..].len() - text[from..].trim_start_matches('\n').len();
            line += text[counted..from + blank].matches('\n').count() as u64;
            counted = from + blank;
            let cells: Vec<String> = record.iter().map(tidy).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Row { line, cells });
            }
        }
        Ok(Self { source, rows })
    }

    /// The first row, when it does not hold what the rows below it hold, and the rows below.
    pub(super) fn split_header(&self, is_header: impl Fn(&Row) -> bool) -> (Option<&Row>, &[Row]) {
        match self.rows.split_first() {
            Some((first, rest)) if is_header(first) => (Some(first), rest),
            _ => (None, &self.rows),
        }
    }

    /// A finding about the cell in `column`, counted from 0 as [`Row::cell`] does.
    pub(super) fn finding(&self, row: &Row, column: usize, found: &str, expected: &str) -> Finding {
        let message = format!("found “{found}”, expected {expected}");
        self.source.finding(row.line, Some(column + 1), message)
    }

    /// A finding about a whole row.
    pub(super) fn row_finding(&self, row: &Row, message: impl Into<String>) -> Finding {
        self.line_finding(row.line, message)
    }

    /// A finding about the row that begins in `line`.
    pub(super) fn line_finding(&self, line: u64, message: impl Into<String>) -> Finding {
        self.source.finding(line, None, message)
    }
}

impl Row {
    /// The cell in `column`, counted from 0; empty where the row ends before it.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// The cell, or nothing where it is blank or says NULL.
    pub(super) fn named(&self, column: usize) -> Option<String> {
        let cell = self.cell(column).trim_matches('"').trim();
        (!cell.is_empty() && !cell.eq_ignore_ascii_case("null")).then(|| cell.to_owned())
    }
}

/// A word with width folded away, for comparing headers, centres and ids.
pub(super) fn plain(word: &str) -> String {
    word.nfkc().collect::<String>().trim().to_lowercase()
}

fn tidy(cell: &str) -> String {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let source = Source::new("a.csv", text);
        let sheet = Sheet::read(&source).unwrap();
        sheet
            .rows
            .into_iter()
            .map(|row| (row.line, row.cells))
            .collect()
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "", "\"c", "d\",e", ",", "f"].join(end);
            let lines: Vec<u64> = rows(&text).into_iter().map(|(line, _)| line).collect();
            assert_eq!(lines, [1, 4, 7], "{end:?}");
        }
    }

    #[test]
    fn cells_lose_the_spaces_around_them() {
        assert_eq!(
            rows("　a ,\"b,c\",\"\""),
            [(1, vec!["a".into(), "b,c".into(), String::new()])]
        );
    }

    #[test]
    fn blank_has_many_spellings() {
        let row = Row {
            line: 1,
            cells: ["", "\"\"", "NULL", "null", "x"].map(str::to_owned).into(),
        };
        let named: Vec<_> = (0..6).map(|column| row.named(column)).collect();
        assert_eq!(named, [None, None, None, None, Some("x".to_owned()), None]);
    }
}
