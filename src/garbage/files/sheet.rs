//! A published CSV file, with or without a header, and its findings.

use unicode_normalization::UnicodeNormalization;

use crate::garbage::fault::{Expected, Fault};
use crate::table::{Row, Source};

use super::Found;

#[derive(Debug)]
pub(super) struct Sheet<'a> {
    source: &'a Source,
    pub(super) rows: Vec<Row>,
}

impl<'a> Sheet<'a> {
    pub(super) fn read(source: &'a Source) -> Result<Self, Found> {
        let rows = source.rows().map_err(|found| found.map(Fault::Table))?;
        Ok(Self { source, rows })
    }

    /// The rows below the header, if the first row is one.
    pub(super) fn below_header(&self, is_header: impl Fn(&Row) -> bool) -> &[Row] {
        match self.rows.split_first() {
            Some((first, rest)) if is_header(first) => rest,
            _ => &self.rows,
        }
    }

    /// A finding about the cell in `column`, counted from 0 as [`Row::cell`] does.
    pub(super) fn finding(
        &self,
        row: &Row,
        column: usize,
        found: &str,
        expected: Expected,
    ) -> Found {
        let found = on_one_line(found);
        let fault = Fault::Cell { found, expected };
        self.source.fault(row.line, Some(column + 1), fault)
    }

    /// A finding about a whole row.
    pub(super) fn row_finding(&self, row: &Row, fault: Fault) -> Found {
        self.line_finding(row.line, fault)
    }

    /// A finding about the row that begins in `line`.
    pub(super) fn line_finding(&self, line: u64, fault: Fault) -> Found {
        self.source.fault(line, None, fault)
    }
}

/// Cells may hold line ends; a finding is a line.
pub(super) fn on_one_line(words: &str) -> String {
    words.replace('\n', " ")
}

/// The cell, or nothing where it is blank, `""` or says NULL.
pub(super) fn named(row: &Row, column: usize) -> Option<String> {
    let cell = row.cell(column).trim_matches('"').trim();
    (!cell.is_empty() && !cell.eq_ignore_ascii_case("null")).then(|| cell.to_owned())
}

/// A name with width folded away, fit to be shown.
pub(super) fn one_width(name: &str) -> String {
    name.nfkc().collect::<String>().trim().to_owned()
}

/// A word with width and case folded away, for comparing headers, names and ids.
pub(super) fn plain(word: &str) -> String {
    one_width(word).to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn blank_has_many_spellings() {
        let source = Source::new("a.csv", "x,,\"\",NULL,null,\"\"\"\"\"\",　\n");
        let rows = source.rows().unwrap();
        let named: Vec<_> = (0..8)
            .filter_map(|column| named(&rows[0], column))
            .collect();
        assert_eq!(named, ["x"]);
    }
}
