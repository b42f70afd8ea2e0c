//! What can be wrong with a table, whatever it is a table of.

use thiserror::Error;

/// What is wrong at one place of a file. It prints in English, for who runs commands; the console has
/// its own words for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Fault {
    /// The bytes are text in no encoding that towns use.
    #[error("{0}")]
    Undecodable(super::Undecodable),
    /// There is not even a header.
    #[error("the file is empty; expected a header row")]
    Empty,
    /// A row has more or fewer cells than the header.
    #[error(
        "{found} cells where the header has {expected}; is a comma or a quotation mark missing or too many?"
    )]
    Cells {
        /// How many it has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A quotation mark would swallow the rest of the file.
    #[error("a quotation mark opens a cell here and none closes it")]
    OpenQuotation,
    /// It is packed like an Excel workbook, but is none that can be read.
    #[error(
        "this is no Excel workbook that can be read; save it as .xlsx without a password, or as CSV"
    )]
    NotExcel,
    /// A workbook of Excel 2003 or before.
    #[error("this is an Excel workbook of the old form; save it as .xlsx or as CSV")]
    OldExcel,
    /// More than a list of a town ever has.
    #[error("the file holds more than {limit} {what}; only lists are read here")]
    TooMuch {
        /// The most.
        limit: usize,
        /// Of what: rows, columns, bytes when unpacked.
        what: &'static str,
    },
    /// Excel could not compute the cell.
    #[error("the cell shows a fault of computation ({0}); write its value")]
    Computation(String),
    /// A column is not there.
    #[error("the header has no column {0}")]
    NoColumn(&'static str),
    /// A cell that must not be blank is.
    #[error("the {0} is blank")]
    Blank(&'static str),
    /// A cell is longer than can be shown.
    #[error("the {what} has {found} characters; at most {most} are shown")]
    TooLong {
        /// Which.
        what: &'static str,
        /// How many characters it has.
        found: usize,
        /// How many are shown.
        most: usize,
    },
    /// Something stands twice that may stand once.
    #[error("this {what} stands on line {line} already; merge the two")]
    Twice {
        /// What.
        what: &'static str,
        /// Where first, from 1.
        line: u64,
    },
    /// It is no address of a page.
    #[error("{0:?} is no address; write it from https:// on")]
    NoAddress(String),
    /// Something only this kind of table can have wrong.
    #[error("{0}")]
    Other(String),
}
