//! What can be wrong in a town's files, or worth a look. It prints in English, for who runs commands; the
//! console has its own words for each.

use chrono::NaiveDate;
use thiserror::Error;

use super::cell::NotADate;
use crate::language::UnknownLanguage;
use crate::table;

/// What a finding or a warning is about. Words of the files stand in it on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[allow(
    missing_docs,
    reason = "each field is named as the sentence above it uses it"
)]
pub enum Fault {
    /// No file of this kind can be read.
    #[error("{0}")]
    Table(table::Fault),
    /// A cell says something else than it should.
    #[error("found “{found}”, expected {expected}")]
    Cell { found: String, expected: Expected },
    /// A row has more or fewer cells than the header.
    #[error(
        "found {cells} cells for “{area}”, expected as many as the header has; is a comma missing or too many?"
    )]
    Cells { cells: usize, area: String },
    /// Two rows of an area name two centres.
    #[error("found the centre “{found}”, expected “{first}” as in line {line}, the same area")]
    TwoCentres {
        found: String,
        first: String,
        line: u64,
    },
    /// Two files say which days it is.
    #[error("found a second file of this kind in the folder, expected one")]
    TwoFiles,
    /// There is no calendar.
    #[error("found no areas, expected this file in the folder, an area a row")]
    NoAreas,
    /// A closure ends before it begins.
    #[error("found a period from {first} to {last}, expected the first day first")]
    Backward { first: NaiveDate, last: NaiveDate },
    /// A closure has one end only.
    #[error("found one date, expected the first and the last closed day, or neither")]
    OneDate,
    /// A name in no language of the town.
    #[error("{0}")]
    Language(UnknownLanguage),
    /// A file that is not looked at.
    #[error("this file is not one that is read")]
    NotRead,
    /// A row without effect.
    #[error("found “{found}”, expected a label and a name; the row is not used")]
    NotUsed { found: String },
    /// The second row of an area, like the first.
    #[error("“{area}” stands in line {line} already, the same")]
    AreaAgain { area: String, line: u64 },
    /// The second row of a change, like the first.
    #[error("this change stands further up already, the same")]
    ChangeAgain,
    /// Rows of the dictionary like others before them.
    #[error("{lines} lines stand further up already, the same; first “{first}”")]
    ItemsAgain { lines: usize, first: String },
    /// Dates where no calendar follows them.
    #[error(
        "remark {id} names dates, which residents read but no calendar follows; make them rows of alternate_days.csv"
    )]
    DatesInRemark { id: String },
    /// A text of what is not collected.
    #[error("“{label}” is no category of area_days.csv; its text is not used")]
    TextOfNone { label: String },
    /// A name of what is not collected.
    #[error("“{label}” is no category of area_days.csv; its name is not used")]
    NameOfNone { label: String },
    /// Words of the dictionary for what is not collected.
    #[error("“{label}” ({items} items) is no category of area_days.csv")]
    ItemsOfNone { label: String, items: usize },
    /// A reading of what is no area.
    #[error("“{area}” is no area of area_days.csv")]
    NoSuchArea { area: String },
    /// Closures of what collects nowhere.
    #[error("no area names the centre “{centre}”; its closures close nothing")]
    CentreOfNone { centre: String },
    /// Areas without a collection.
    #[error("nothing is collected in the {days} days from {from}: {areas}")]
    Idle {
        days: u32,
        from: NaiveDate,
        areas: Areas,
    },
    /// Lists of dates that end, or have ended.
    #[error("the dates of “{category}” end within {days} days, the first on {first}: {areas}")]
    Ending {
        category: String,
        days: u32,
        first: NaiveDate,
        areas: Areas,
    },
    /// A centre without a row.
    #[error("center.csv does not know the centre “{centre}”; no closure holds in {areas}")]
    UnknownCentre { centre: String, areas: Areas },
    /// A year's end without a closure; of no centre, where areas name none.
    #[error("no closure of {} covers {first} to {last}: {areas}", whose(centre))]
    OpenAtYearsEnd {
        centre: Option<String>,
        first: NaiveDate,
        last: NaiveDate,
        areas: Areas,
    },
}

/// The first of some areas, and how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{}{}", named.join(", "), match more { 0 => String::new(), more => format!(" and {more} more areas") })]
#[allow(missing_docs, reason = "said above")]
pub struct Areas {
    pub named: Vec<String>,
    pub more: usize,
}

/// What should stand in a cell instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[allow(missing_docs, reason = "each says in words what it stands for")]
pub enum Expected {
    #[error("{0}")]
    Date(NotADate),
    #[error("a weekday before each “:”")]
    WeekdayBeforeMonths,
    #[error("the id of a remark right after “*”, as in *1")]
    RemarkAfterAsterisk,
    #[error("a month from 1 to 12 after “:”")]
    Month,
    #[error("months from 1 to 12 after “:”")]
    Months,
    #[error("a weekday before a number (火2), “:” before months, or a date of 8 digits")]
    WeekdayBeforeNumber,
    #[error("a date in one of the months behind it, or “; ” between the two")]
    DateInMonths,
    #[error(
        "one reading: --ambiguous published keeps every day to these months, --ambiguous intended only the last kind of day"
    )]
    OneReading,
    #[error("a date near the others of its list: is its year right?")]
    DateNearOthers,
    #[error(
        "a weekday (月), the nth weekday (水2), a fortnight (隔水20260401), a date (20260401) or a remark (*1)"
    )]
    Day,
    #[error("a number from 1 to 5 after a weekday: the nth such day of the month")]
    Nth,
    #[error("weekdays parted by spaces (月1 木)")]
    PartedWeekdays,
    #[error("nothing after a weekday but a number from 1 to 5 (月1)")]
    NothingButNth,
    #[error("a weekday and a date after 隔, as in 隔水20260401")]
    Fortnight,
    #[error("a first date that falls on the weekday after 隔")]
    FortnightFromItsWeekday,
    #[error("a header: 地名,センター,<category>…")]
    Header,
    #[error("地名 before センター")]
    NameBeforeCentre,
    #[error("a category above the {used} cells of this column; they are not read")]
    CategoryAbove { used: usize },
    #[error("each category once; its days are added to those of the first")]
    CategoryOnce,
    #[error("each id once")]
    IdOnce,
    #[error("the category's name in this language")]
    CategoryName,
    #[error("how the area before it is read, in kana")]
    Kana,
    #[error("the name of an area on one line")]
    AreaName,
    #[error("a number that area_master.csv explains")]
    DistrictNumber,
    #[error("spaces between weekdays; read as one day each")]
    SpacesBetweenWeekdays,
    #[error("the id of a remark in remarks.csv")]
    Remark,
    #[error(
        "no collection from {first} to {last}, when center.csv closes {}",
        centre.as_deref().unwrap_or("areas without a centre")
    )]
    NoneWhileClosed {
        first: NaiveDate,
        last: NaiveDate,
        centre: Option<String>,
    },
    #[error("“{cell}” as in line {line}, the same area")]
    AsInLine { cell: String, line: u64 },
    #[error("地名,label,収集日,代替日")]
    ChangeColumns,
    #[error("a category of area_days.csv")]
    Category,
    #[error("an area of area_days.csv, or nothing for every area")]
    AreaOrNothing,
    #[error("a day on which area_days.csv has “{category}” collected")]
    CollectionDay { category: String },
    #[error("a day outside {first} to {last}, closed by center.csv")]
    OpenDay { first: NaiveDate, last: NaiveDate },
    #[error(
        "{}, as a row further up says for this day",
        instead.map_or("nothing".to_owned(), |date| date.to_string())
    )]
    AsFurtherUp { instead: Option<NaiveDate> },
}

fn whose(centre: &Option<String>) -> String {
    match centre {
        Some(name) => format!("the centre “{name}”"),
        None => "areas that name no centre".to_owned(),
    }
}
