//! `center.csv`: when each plant is closed.

use unicode_normalization::UnicodeNormalization;

use crate::garbage::cell::read_date;
use crate::garbage::fault::{Expected, Fault};
use crate::garbage::model::{Closure, Effect};

use crate::table::Row;

use super::Reading;
use super::sheet::{Sheet, named, one_width};

const FIRST: usize = 1;
const LAST: usize = 2;

/// Fills in the closures. A plant may have many rows; a row without dates closes nothing.
pub(super) fn read(sheet: &Sheet<'_>, effect: Effect, reading: &mut Reading) {
    for row in rows(sheet) {
        let mut date = |column: usize| {
            let text: String = named(row, column)?.nfkc().collect();
            match read_date(&text) {
                Ok(date) => Some(date),
                Err(no) => {
                    let expected = Expected::Date(no);
                    reading
                        .findings
                        .push(sheet.finding(row, column, &text, expected));
                    None
                }
            }
        };
        let (first, last) = (date(FIRST), date(LAST));
        let centre = named(row, 0).map(|centre| one_width(&centre));
        match (first, last) {
            (Some(first), Some(last)) if first <= last => {
                let closures = reading.town.closures.entry(centre).or_default();
                let closure = Closure {
                    first,
                    last,
                    effect,
                };
                if !closures.contains(&closure) {
                    closures.push(closure);
                }
            }
            (Some(first), Some(last)) => {
                let fault = Fault::Backward { first, last };
                reading.findings.push(sheet.row_finding(row, fault));
            }
            _ if named(row, FIRST).is_some() == named(row, LAST).is_some() => {
                reading.town.closures.entry(centre).or_default();
            }
            _ => reading
                .findings
                .push(sheet.row_finding(row, Fault::OneDate)),
        }
    }
}

/// The rows below the header; the first row is one when it has words for dates.
pub(super) fn rows<'s>(sheet: &'s Sheet<'_>) -> &'s [Row] {
    let words = |cell: &str| !cell.is_empty() && !cell.contains(|c: char| c.is_numeric());
    sheet.below_header(|row| words(row.cell(FIRST)) || words(row.cell(LAST)))
}
