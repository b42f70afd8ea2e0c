//! Which column of `area_days.csv` is what. Cities put districts, numbers and readings before the name.

use crate::garbage::cell::Cell;
use crate::garbage::fault::{Expected, Fault};

use crate::table::Row;

use super::Reading;
use super::sheet::{Sheet, on_one_line, plain};

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// A number that `area_master.csv` explains.
    pub(super) master: Option<usize>,
    /// The districts, from the widest to the narrowest.
    pub(super) districts: Vec<usize>,
    pub(super) name: usize,
    pub(super) reading: Option<usize>,
    pub(super) centre: Option<usize>,
    /// Columns of collection days, each with its category's label.
    pub(super) days: Vec<(usize, String)>,
    /// Cells in the header.
    width: usize,
}

impl Layout {
    /// The layout that the header and the rows below it show; nothing without a header, for then
    /// nobody knows what is collected.
    pub(super) fn of(sheet: &Sheet<'_>, reading: &mut Reading) -> Option<Self> {
        let (header, rows) = sheet.rows.split_first()?;
        if (1..header.cells().len()).any(|column| is_days(header.cell(column))) {
            let fault = Fault::Cell {
                found: on_one_line(&header.cells().join(",")),
                expected: Expected::Header,
            };
            reading.findings.push(sheet.row_finding(header, fault));
            return None;
        }
        let centre = header.cells().iter().position(|cell| is_centre(cell));
        let first_days = match centre {
            Some(centre) => centre + 1,
            None => (1..header.cells().len())
                .find(|column| rows.iter().any(|row| is_days(row.cell(*column))))
                .unwrap_or(2),
        };
        // Without a header that says so, the column before the days is the centre, if there are two.
        let unnamed_centre = (centre.is_none() && first_days >= 2).then(|| first_days - 1);
        let mut layout = Self {
            centre: centre.or(unnamed_centre),
            width: header.cells().len(),
            ..Self::default()
        };
        let mut before: Vec<usize> = (0..layout.centre.unwrap_or(first_days)).collect();
        before.retain(|column| {
            let title = plain(header.cell(*column));
            if title.starts_with("マスター") || title == "master" {
                layout.master = Some(*column);
            } else if is_reading(&title) {
                layout.reading = Some(*column);
            } else {
                return true;
            }
            false
        });
        let Some(name) = before.pop() else {
            let expected = Expected::NameBeforeCentre;
            reading
                .findings
                .push(sheet.finding(header, 0, header.cell(0), expected));
            return None;
        };
        layout.name = name;
        layout.districts = before;
        layout.days = days(sheet, header, rows, first_days, reading);
        Some(layout)
    }

    /// Whether the row has its cells under the right headings: a comma missing or too many moves
    /// every day behind it to another category.
    pub(super) fn fits(&self, row: &Row) -> bool {
        let last = self.days.last().map_or(self.name, |(column, _)| *column);
        let overflow = row.cells().get(self.width..).unwrap_or_default();
        row.cells().len() > last && overflow.iter().all(String::is_empty)
    }
}

fn days(
    sheet: &Sheet<'_>,
    header: &Row,
    rows: &[Row],
    first: usize,
    reading: &mut Reading,
) -> Vec<(usize, String)> {
    let mut days: Vec<(usize, String)> = Vec::new();
    for column in first..header.cells().len() {
        let label = header.cell(column);
        let used = rows
            .iter()
            .filter(|row| !row.cell(column).is_empty())
            .count();
        if label.is_empty() {
            if used > 0 {
                let expected = Expected::CategoryAbove { used };
                reading
                    .findings
                    .push(sheet.finding(header, column, label, expected));
            }
            continue;
        }
        if days.iter().any(|(_, known)| plain(known) == plain(label)) {
            reading
                .warnings
                .push(sheet.finding(header, column, label, Expected::CategoryOnce));
        }
        days.push((column, label.to_owned()));
    }
    days
}

fn is_centre(title: &str) -> bool {
    let title = plain(title);
    title.contains("センター") || title.contains("center") || title.contains("centre")
}

fn is_reading(title: &str) -> bool {
    [
        "ふりがな",
        "フリガナ",
        "よみ",
        "ヨミ",
        "読み",
        "かな",
        "カナ",
    ]
    .iter()
    .any(|word| title.contains(word))
}

/// Whether the cell can only be collection days.
fn is_days(cell: &str) -> bool {
    let (days, faults) = Cell::read(cell, None);
    faults.is_empty() && days.has_days()
}
