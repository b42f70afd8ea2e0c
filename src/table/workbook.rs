//! Workbooks as tables: the first sheet of an .xlsx file, cell by cell.
//!
//! Whoever made the file may mean harm: it is unpacked once into nothing, to see how large it is, and
//! cells are read one after another, since a cell far out would make a grid as large as that.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader, Xlsx};
use zip::ZipArchive;

use super::{Fault, Finding, Row, Source};

/// How an .xlsx file begins: it is a ZIP archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// How a workbook of Excel 2003 or before begins.
const OLD: &[u8] = b"\xD0\xCF\x11\xE0";
/// Largest workbook, in bytes when unpacked.
const MAX_UNPACKED: usize = 64 * 1024 * 1024;
/// Most rows read.
const MAX_ROWS: usize = 20_000;
/// Most columns read.
const MAX_COLUMNS: usize = 100;

/// Whether these bytes mean to be a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE) || bytes.starts_with(OLD)
}

/// The rows of the first sheet; those without a cell are left out. A line is Excel's row number.
pub(super) fn rows(source: &Source) -> Result<Vec<Row>, Finding> {
    let fault = |fault| source.fault(1, None, fault);
    if source.bytes.starts_with(OLD) {
        return Err(fault(Fault::OldExcel));
    }
    match unpacked(&source.bytes) {
        Some(size) if size <= MAX_UNPACKED => {}
        Some(_) => {
            return Err(fault(Fault::TooMuch {
                limit: MAX_UNPACKED,
                what: "bytes",
            }));
        }
        None => return Err(fault(Fault::NotExcel)),
    }
    let not_excel = |_| fault(Fault::NotExcel);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(source.bytes.as_slice())).map_err(not_excel)?;
    let Some(sheet) = book.sheet_names().first().cloned() else {
        return Err(fault(Fault::Empty));
    };
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(not_excel)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(not_excel)? {
        let (row, column) = cell.get_position();
        let (line, column) = (u64::from(row) + 1, column as usize);
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Error(error) => {
                let error = Fault::Computation(error.to_string());
                return Err(source.fault(line, Some(column + 1), error));
            }
            value => written(value),
        };
        if text.is_empty() {
            continue;
        }
        let too_much = |limit, what| source.fault(line, None, Fault::TooMuch { limit, what });
        if column >= MAX_COLUMNS {
            return Err(too_much(MAX_COLUMNS, "columns"));
        }
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.len() == MAX_ROWS {
                return Err(too_much(MAX_ROWS, "rows"));
            }
            rows.push(Row {
                line,
                cells: Vec::new(),
            });
        }
        if let Some(row) = rows.last_mut() {
            row.cells
                .resize(row.cells.len().max(column + 1), String::new());
            if let Some(place) = row.cells.get_mut(column) {
                *place = text;
            }
        }
    }
    // Excel keeps no blank cells at a row's end; a table's rows have as many cells as its header.
    let width = rows.first().map_or(0, |header| header.cells.len());
    for row in &mut rows {
        row.cells.resize(row.cells.len().max(width), String::new());
    }
    Ok(rows)
}

/// How large the archive is when unpacked, as far as that matters; its own word for it is not trusted.
fn unpacked(bytes: &[u8]) -> Option<usize> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut size = 0;
    for file in 0..archive.len() {
        let left = (MAX_UNPACKED + 1).saturating_sub(size) as u64;
        let mut file = archive.by_index(file).ok()?.take(left);
        size += usize::try_from(std::io::copy(&mut file, &mut std::io::sink()).ok()?).ok()?;
        if size > MAX_UNPACKED {
            break;
        }
    }
    Some(size)
}

/// A cell as it reads; of a formula that is the value it had when the file was saved.
fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        other => Data::from(other.clone()).to_string(),
    }
    // Excel writes line breaks in a cell as either.
    .replace("\r\n", "\n")
    .replace("_x000D_", "")
}
