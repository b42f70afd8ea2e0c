//! The timetable as a file, and a rule as somebody wrote it, checked field by field.

use chrono::NaiveDate;

use super::anchor::Anchor;
use super::fault::Fault;
use super::model::{Level, Rule, Written};
use super::offset::Offset;
use super::session::Session;
use crate::area::Directory;
use crate::table::{self, Finding, Row, Source, Table, plain};

/// The longest title: two lines on a phone.
pub const TITLE_MAX: usize = 60;
/// The longest text: more is a page of the town's site, not a message.
pub const TEXT_MAX: usize = 500;
const CODE_MAX: usize = 40;
const PARTING: char = '|';

/// The columns, as the file and forms call them.
const COLUMNS: [&str; 20] = [
    "id",
    "stage",
    "title",
    "anchor",
    "notify_at",
    "window_start",
    "window_end",
    "level",
    "default_on",
    "topic",
    "text",
    "link",
    "areas",
    "note",
    "effective_from",
    "effective_to",
    "held_on",
    "held_at",
    "born_from",
    "born_to",
];
/// Those without which nothing can be said.
const NEEDED: [&str; 5] = ["id", "stage", "title", "anchor", "notify_at"];

impl Written {
    /// The rule that this is.
    ///
    /// # Errors
    /// Every field that is wrong, in their order. `directory` knows the areas; a town without any has none to name.
    pub fn read(&self, directory: &Directory) -> Result<Rule, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let rule = self.rule(directory, &mut |field, fault| faults.push((field, fault)));
        if faults.is_empty() {
            Ok(rule)
        } else {
            Err(faults)
        }
    }

    fn rule(&self, directory: &Directory, fault: &mut dyn FnMut(&'static str, Fault)) -> Rule {
        let is_code = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=CODE_MAX).contains(&self.code.len()) || !self.code.chars().all(is_code) {
            let (found, most) = (self.code.clone(), CODE_MAX);
            fault("id", Fault::Code { found, most });
        }
        for (field, text, most) in [
            ("stage", &self.stage, TITLE_MAX),
            ("title", &self.title, TITLE_MAX),
        ] {
            match text.chars().count() {
                0 => fault(field, Fault::Blank),
                found if found > most => fault(field, Fault::TooLong { found, most }),
                _ => {}
            }
        }
        let anchor = Anchor::parse(&self.anchor).unwrap_or_else(|| {
            let found = self.anchor.clone();
            let known = Anchor::ALL.map(Anchor::as_str).join(", ");
            fault("anchor", Fault::NoneOf { found, known });
            Anchor::default()
        });
        let mut offset = |field: &'static str, text: &str| match text.parse::<Offset>() {
            Ok(offset) => Some(offset),
            Err(error) => {
                fault(field, Fault::Offset(error));
                None
            }
        };
        let notify_at = offset("notify_at", &self.notify_at).unwrap_or_default();
        let window_start = given(&self.window_start).and_then(|text| offset("window_start", text));
        let window_end = given(&self.window_end).and_then(|text| offset("window_end", text));
        if let (Some(start), Some(end)) = (window_start, window_end)
            && end.from(SOME_DAY) <= start.from(SOME_DAY)
        {
            fault("window_end", Fault::ClosesFirst { end, start });
        }
        let level = match given(&self.level).map(|text| (text, Level::parse(text))) {
            None => Level::default(),
            Some((_, Some(level))) => level,
            Some((found, None)) => {
                let known = Level::ALL.map(Level::label).join(", ");
                let found = found.to_owned();
                fault("level", Fault::NoneOf { found, known });
                Level::default()
            }
        };
        let (found, most) = (self.text.chars().count(), TEXT_MAX);
        if found > most {
            fault("text", Fault::TooLong { found, most });
        }
        if let Some(link) = given(&self.link)
            && !(link.starts_with("https://")
                && link.len() > 8
                && !link.contains(char::is_whitespace))
        {
            fault("link", Fault::Link(link.to_owned()));
        }
        let areas: Vec<String> = self
            .areas
            .split(PARTING)
            .filter_map(given)
            .map(str::to_owned)
            .collect();
        for area in areas.iter().filter(|area| !is_known(directory, area)) {
            fault("areas", Fault::Area(area.clone()));
        }
        let mut date = |field: &'static str, text: &str| day(field, text, fault);
        let effective_from =
            given(&self.effective_from).and_then(|text| date("effective_from", text));
        let effective_to = given(&self.effective_to).and_then(|text| date("effective_to", text));
        if let (Some(first), Some(last)) = (effective_from, effective_to)
            && last < first
        {
            fault("effective_to", Fault::EndsFirst { last, first });
        }
        let session = Session::read(self, fault);
        if session.is_some() {
            if anchor != Anchor::Birth {
                fault("anchor", Fault::SessionAnchor(self.anchor.clone()));
            }
            if !notify_at.is_backward() {
                fault("notify_at", Fault::SessionOver(notify_at));
            }
            for (field, offset) in [("window_start", window_start), ("window_end", window_end)] {
                if let Some(offset) = offset {
                    fault(field, Fault::SessionWindow(offset));
                }
            }
        }
        let optional = |text: &str| given(text).map(str::to_owned);
        Rule {
            code: self.code.clone(),
            stage: self.stage.clone(),
            title: self.title.clone(),
            anchor,
            notify_at,
            window_start,
            window_end,
            session,
            level,
            default_on: self.default_on,
            topic: optional(&self.topic),
            text: self.text.clone(),
            link: optional(&self.link),
            areas,
            note: optional(&self.note),
            effective_from,
            effective_to,
        }
    }
}

pub(super) fn day(
    field: &'static str,
    text: &str,
    fault: &mut dyn FnMut(&'static str, Fault),
) -> Option<NaiveDate> {
    let day = text.trim().parse().ok();
    if day.is_none() {
        fault(field, Fault::Date(text.to_owned()));
    }
    day
}

impl From<&Rule> for Written {
    fn from(rule: &Rule) -> Self {
        let session = rule.session.as_ref();
        let text = |offset: Option<Offset>| offset.map(|o| o.to_string()).unwrap_or_default();
        let date = |date: Option<NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
        Self {
            code: rule.code.clone(),
            stage: rule.stage.clone(),
            title: rule.title.clone(),
            anchor: rule.anchor.as_str().to_owned(),
            notify_at: rule.notify_at.to_string(),
            window_start: text(rule.window_start),
            window_end: text(rule.window_end),
            level: rule.level.label().to_owned(),
            default_on: rule.default_on,
            topic: rule.topic.clone().unwrap_or_default(),
            text: rule.text.clone(),
            link: rule.link.clone().unwrap_or_default(),
            areas: rule.areas.join(&PARTING.to_string()),
            note: rule.note.clone().unwrap_or_default(),
            effective_from: date(rule.effective_from),
            effective_to: date(rule.effective_to),
            held_on: date(session.map(|s| s.held_on)),
            held_at: session.map(|s| s.held_at.clone()).unwrap_or_default(),
            born_from: date(session.map(|s| s.born_from)),
            born_to: date(session.map(|s| s.born_to)),
        }
    }
}

/// Some day, to compare two offsets by.
const SOME_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

pub(super) fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn is_known(directory: &Directory, label: &str) -> bool {
    directory
        .areas()
        .any(|area| area.label() == label || area.district.as_deref() == Some(label))
}

/// Reads a file: what can be used, and every fault.
pub(super) fn parse(source: &Source, directory: &Directory) -> (Vec<Rule>, Vec<Finding<Fault>>) {
    let table = match Table::read(source) {
        Ok(table) => table,
        Err(findings) => {
            let findings = findings.into_iter().map(|found| found.map(Fault::Table));
            return (Vec::new(), findings.collect());
        }
    };
    let columns = COLUMNS.map(|name| table.column(&[name]));
    let place = |name: &str| COLUMNS.iter().position(|column| *column == name);
    let missing: Vec<&str> = NEEDED
        .into_iter()
        .filter(|name| place(name).is_none_or(|at| columns[at].is_none()))
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let fault = Fault::NoColumn { missing };
        return (Vec::new(), vec![source.fault(1, None, fault)]);
    }
    let (mut rules, mut findings) = (Vec::<(u64, Rule)>::new(), Vec::new());
    for row in &table.rows {
        let column = |field: &str| place(field).and_then(|at| columns[at]).map(|c| c + 1);
        let written = written(row, &columns);
        let flag = columns[8].map_or("", |c| row.cell(c));
        if !["", "0", "1"].contains(&flag) {
            let fault = Fault::Flag(flag.to_owned());
            findings.push(source.fault(row.line, column("default_on"), fault));
            continue;
        }
        match written.read(directory) {
            Err(faults) => findings.extend(
                faults
                    .into_iter()
                    .map(|(field, fault)| source.fault(row.line, column(field), fault)),
            ),
            Ok(rule) => {
                let same =
                    |(_, other): &&(u64, Rule)| other.code == rule.code && other.overlaps(&rule);
                if let Some((line, _)) = rules.iter().find(same) {
                    let (code, line) = (rule.code, *line);
                    let fault = Fault::Overlaps { code, line };
                    findings.push(source.fault(row.line, column("id"), fault));
                } else {
                    rules.push((row.line, rule));
                }
            }
        }
    }
    if rules.is_empty() && findings.is_empty() {
        findings.push(source.fault(1, None, Fault::NoRules));
    }
    findings.sort();
    (rules.into_iter().map(|(_, rule)| rule).collect(), findings)
}

fn written(row: &Row, columns: &[Option<usize>; 20]) -> Written {
    let cell = |at: usize| columns[at].map_or_else(String::new, |c| plain(row.cell(c)).to_owned());
    Written {
        code: cell(0),
        stage: cell(1),
        title: cell(2),
        anchor: cell(3),
        notify_at: cell(4),
        window_start: cell(5),
        window_end: cell(6),
        level: cell(7),
        default_on: cell(8) != "0",
        topic: cell(9),
        text: cell(10),
        link: cell(11),
        areas: cell(12),
        note: cell(13),
        effective_from: cell(14),
        effective_to: cell(15),
        held_on: cell(16),
        held_at: cell(17),
        born_from: cell(18),
        born_to: cell(19),
    }
}

/// The file that has these rules.
pub fn csv(rules: &[Rule]) -> Vec<u8> {
    let row = |rule: &Rule| {
        let w = Written::from(rule);
        let flag = if w.default_on { "1" } else { "0" }.to_owned();
        [
            w.code,
            w.stage,
            w.title,
            w.anchor,
            w.notify_at,
            w.window_start,
            w.window_end,
            w.level,
            flag,
            w.topic,
            w.text,
            w.link,
            w.areas,
            w.note,
            w.effective_from,
            w.effective_to,
            w.held_on,
            w.held_at,
            w.born_from,
            w.born_to,
        ]
    };
    let header = COLUMNS.map(str::to_owned);
    table::csv(std::iter::once(header).chain(rules.iter().map(row)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Rule>, Vec<String>) {
        let (rules, findings) = parse(&Source::new("t.csv", text), &Directory::default());
        (rules, findings.iter().map(Finding::to_string).collect())
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let (rules, found) = read(
            "id,stage,title,anchor,notify_at,window_start,window_end,level,default_on,link,areas,effective_from,effective_to\n\
             ok,健診,3か月児健診,birth_date,P3M,P3M,P6M,法定,1,,,,\n\
             a b,,健診,birthday,3 months,P6M,P3M,必須,yes,,,,\n\
             x,健診,健診,birth_date,P1M,P6M,P3M,法定,1,http://a,東京,2027-04-01,2027-03-31\n\
             ok,健診,4か月児健診,birth_date,P4M,,,法定,1,,,2027-04-01,\n",
        );
        assert_eq!(rules.len(), 1);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found[0].starts_with("t.csv:3:9: found “yes”"));
        for (finding, place) in found[1..5].iter().zip(["7", "10", "11", "13"]) {
            assert!(
                finding.starts_with(&format!("t.csv:4:{place}: found")),
                "{finding}"
            );
        }
        assert!(found[5].starts_with("t.csv:5:1: found “ok” a second time"));
        let (_, found) = read("id,title\n1,2\n");
        assert!(found[0].starts_with("t.csv:1: found no column stage, anchor, notify_at"));
        assert_eq!(read("id,stage,title,anchor,notify_at\n").1.len(), 1);
    }

    #[test]
    fn a_day_to_which_children_are_called_is_read_or_refused() {
        const HEADER: &str =
            "id,stage,title,anchor,notify_at,window_end,held_on,held_at,born_from,born_to\n";
        let text = format!(
            "{HEADER}a,健診,4か月児健診,birth_date,-P1M,,2026-12-03,保健センター 13時〜14時,2026-07-04,2026-08-12\n\
             b,健診,健診,due_date,P1M,P2M,2026-12-03,保健センター,2026-07-04,2026-08-12\n\
             c,健診,健診,birth_date,-P1M,,2026-12-03,,2026-07-04,\n\
             d,健診,健診,birth_date,-P1M,,2026-12-03,保健センター,2026-08-12,2026-07-04\n"
        );
        let (rules, found) = read(&text);
        assert_eq!(rules.len(), 1);
        let places: Vec<&str> = found
            .iter()
            .map(|f| f.split(": ").next().unwrap())
            .collect();
        assert_eq!(
            places,
            [
                "t.csv:3:4",
                "t.csv:3:5",
                "t.csv:3:6",
                "t.csv:4:8",
                "t.csv:4:10",
                "t.csv:5:10"
            ],
            "{found:#?}"
        );
        let file = csv(&rules);
        let (again, found) = parse(&Source::new("t.csv", file), &Directory::default());
        assert_eq!((again, found), (rules, Vec::new()));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (rules, found) = read(
            "id,stage,title,anchor,notify_at,window_start,window_end,level,default_on,topic,text,link,note,effective_from\n\
             p,妊娠,届,due_date,-P32W,,-P28W,法定,0,childcare,\"一行目\n=二行目\",https://a.example/,=SUM(A1),2026-04-01\n",
        );
        assert_eq!(found, [""; 0]);
        let file = csv(&rules);
        assert!(file.starts_with("\u{feff}id,stage".as_bytes()));
        assert!(
            String::from_utf8(file.clone())
                .unwrap()
                .contains(",'=SUM(A1),")
        );
        let (again, found) = parse(&Source::new("t.csv", file), &Directory::default());
        assert_eq!((again, found), (rules, Vec::new()));
    }
}
