//! The two forms in which towns publish their places: that of 国土地理院 (`施設・場所名`, a column a
//! hazard) and that of the 推奨データセット (`名称`, columns beginning with `災害種別_`).

use unicode_normalization::UnicodeNormalization;

use super::model::{Hazard, Hazards, Location, Shelter};
use crate::table::{Finding, Row, Source, Table};

/// Where in the table each thing stands.
struct Columns {
    name: usize,
    address: Option<usize>,
    hazards: Vec<(Hazard, usize)>,
    latitude: usize,
    longitude: usize,
    also_to_stay: Option<usize>,
    note: Option<usize>,
}

/// Reads the file: the places, and notes on what is missing about them; or all its faults at once.
pub(super) fn parse(source: &Source) -> Result<(Vec<Shelter>, Vec<Finding>), Vec<Finding>> {
    let table = Table::read(source)?;
    let columns = Columns::of(&table).map_err(|e| vec![source.finding(1, None, e)])?;
    let mut reading = Reading {
        source,
        faults: Vec::new(),
        notes: Vec::new(),
    };
    let shelters: Vec<Shelter> = table
        .rows
        .iter()
        .map(|row| reading.shelter(row, &columns))
        .collect();
    if shelters.is_empty() {
        reading
            .faults
            .push(source.finding(1, None, "no place stands under the header"));
    }
    if reading.faults.is_empty() {
        Ok((shelters, reading.notes))
    } else {
        Err(reading.faults)
    }
}

impl Columns {
    fn of(table: &Table) -> Result<Self, String> {
        let needed = |names: &[&str]| {
            table
                .column(names)
                .ok_or_else(|| format!("no column is headed {}", names.join(" or ")))
        };
        let hazards = Hazard::ALL
            .into_iter()
            .map(|h| needed(&[h.name(), &format!("災害種別_{}", h.name())]).map(|at| (h, at)))
            .collect::<Result<_, _>>()
            .map_err(|e| format!("{e}; the list has to be that of 指定緊急避難場所, with a column for each hazard"))?;
        Ok(Self {
            name: needed(&["施設・場所名", "名称"])?,
            address: table.column(&["住所", "所在地", "所在地_連結表記"]),
            hazards,
            latitude: needed(&["緯度"])?,
            longitude: needed(&["経度"])?,
            also_to_stay: table.column(&["指定避難所との住所同一", "指定避難所との重複"]),
            note: table.column(&["備考"]),
        })
    }
}

struct Reading<'a> {
    source: &'a Source,
    faults: Vec<Finding>,
    notes: Vec<Finding>,
}

impl Reading<'_> {
    fn shelter(&mut self, row: &Row, columns: &Columns) -> Shelter {
        let name = row.cell(columns.name);
        if name.is_empty() {
            self.fault(row, columns.name, "the place has no name".to_owned());
        }
        let hazards: Hazards = columns
            .hazards
            .iter()
            .filter(|(_, column)| self.marked(row, *column))
            .map(|(hazard, _)| *hazard)
            .collect();
        if hazards.is_empty() {
            self.note(
                row,
                format!("{name} is marked for no hazard; it is offered for none"),
            );
        }
        Shelter {
            id: None,
            opening: None,
            name: name.to_owned(),
            address: columns.address.map_or("", |c| row.cell(c)).to_owned(),
            location: self.location(row, columns),
            hazards,
            also_to_stay: columns.also_to_stay.is_some_and(|c| self.marked(row, c)),
            note: columns
                .note
                .map(|c| row.cell(c).to_owned())
                .filter(|note| !note.is_empty()),
        }
    }

    /// Offices mark with `1`, or with one of the circles that look alike on paper.
    fn marked(&mut self, row: &Row, column: usize) -> bool {
        let cell: String = row.cell(column).nfkc().collect();
        match cell.as_str() {
            "1" | "○" | "〇" | "◯" | "◎" | "●" => true,
            "" | "0" | "-" | "×" | "✕" => false,
            _ => {
                self.fault(
                    row,
                    column,
                    format!("{cell:?} is no mark; write 1 or ○, or nothing"),
                );
                false
            }
        }
    }

    fn location(&mut self, row: &Row, columns: &Columns) -> Option<Location> {
        let cells =
            [columns.latitude, columns.longitude].map(|c| row.cell(c).nfkc().collect::<String>());
        if cells.iter().all(String::is_empty) {
            let name = row.cell(columns.name);
            self.note(
                row,
                format!("{name} has no coordinates; it is kept, but never found as near"),
            );
            return None;
        }
        let [latitude, longitude] = cells.each_ref().map(|cell| cell.parse::<f64>().ok());
        let location = latitude
            .zip(longitude)
            .and_then(|(latitude, longitude)| Location::in_japan(latitude, longitude));
        if location.is_none() {
            let [latitude, longitude] = cells;
            let message = format!(
                "latitude {latitude:?} and longitude {longitude:?} are no point in Japan; expected degrees such as 35.68 and 139.77, or both blank"
            );
            self.fault(row, columns.latitude, message);
        }
        location
    }

    fn fault(&mut self, row: &Row, column: usize, message: String) {
        self.faults
            .push(self.source.finding(row.line, Some(column + 1), message));
    }

    fn note(&mut self, row: &Row, message: String) {
        self.notes
            .push(self.source.finding(row.line, None, message));
    }
}
