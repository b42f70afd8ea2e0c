//! The files around the calendar: remarks, districts, categories in words, the dictionary, readings.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::garbage::cell::read_date;
use crate::garbage::dictionary::Item;
use crate::garbage::fault::{Expected, Fault};
use crate::language::Language;

use crate::table::Row;

use crate::garbage::words::is_kana;

use super::Reading;
use super::sheet::{Sheet, named, on_one_line, plain};

/// `remarks.csv`: the sentences that `*id` in a cell stands for.
pub(super) fn remarks(sheet: &Sheet<'_>, reading: &mut Reading) -> HashMap<String, String> {
    let rows = sheet.below_header(|row| plain(row.cell(0)) == "id");
    let mut remarks: HashMap<String, String> = HashMap::new();
    for row in rows {
        let (id, text) = (
            plain(row.cell(0)).trim_start_matches('*').to_owned(),
            row.cell(1),
        );
        match remarks.get(&id) {
            Some(before) if before != text => {
                let again = sheet.finding(row, 0, &id, Expected::IdOnce);
                reading.findings.push(again);
            }
            _ => {
                if names_dates(text) {
                    let fault = Fault::DatesInRemark {
                        id: on_one_line(&id),
                    };
                    reading.warnings.push(sheet.row_finding(row, fault));
                }
                remarks.insert(id, text.to_owned());
            }
        }
    }
    remarks
}

/// Whether the prose holds days, as in 「収集がない日 2017/05/29」 or 「1月3日」.
fn names_dates(text: &str) -> bool {
    let plain: String = text.nfkc().collect();
    let word_is_date = |word: &str| read_date(word).is_ok();
    let digit_before = |mark: char| {
        let parts: Vec<&str> = plain.split(mark).collect();
        let ends = |part: &&str| part.ends_with(|c: char| c.is_ascii_digit());
        parts[..parts.len() - 1].iter().any(ends)
    };
    plain
        .split(|c: char| !(c.is_ascii_digit() || "/-".contains(c)))
        .any(word_is_date)
        || (digit_before('月') && digit_before('日'))
}

/// `area_master.csv`: districts by number.
pub(super) fn districts(sheet: &Sheet<'_>) -> HashMap<String, String> {
    let named = |row: &Row| Some((plain(&named(row, 0)?), named(row, 1)?));
    sheet.rows.iter().filter_map(named).collect()
}

/// `description.csv`: `label,sublabel,description,…`, where the description may be HTML.
pub(super) fn descriptions(sheet: &Sheet<'_>, reading: &mut Reading) {
    let (label_at, rows) = below_titles(sheet);
    for row in rows {
        let label = row.cell(label_at);
        match reading.town.category(label) {
            Some(at) => {
                let category = Arc::make_mut(&mut reading.town.categories[at]);
                category.sublabel = named(row, label_at + 1).map(|html| plain_text(&html));
                category.description = named(row, label_at + 2).map(|html| plain_text(&html));
            }
            None => {
                let label = on_one_line(label);
                let fault = Fault::TextOfNone { label };
                reading.warnings.push(sheet.row_finding(row, fault));
            }
        }
    }
}

/// `category_names.csv`: `label,language,name`.
pub(super) fn names(sheet: &Sheet<'_>, reading: &mut Reading) {
    let (label_at, rows) = below_titles(sheet);
    for row in rows {
        let label = row.cell(label_at);
        let language = match Language::parse(row.cell(label_at + 1)) {
            Ok(language) => language,
            Err(unknown) => {
                let fault = Fault::Language(unknown);
                reading.findings.push(sheet.row_finding(row, fault));
                continue;
            }
        };
        match (reading.town.category(label), named(row, label_at + 2)) {
            (Some(at), Some(name)) => {
                let names = &mut Arc::make_mut(&mut reading.town.categories[at]).names;
                names.insert(language.code().to_owned(), name);
            }
            (Some(_), None) => {
                let expected = Expected::CategoryName;
                reading
                    .findings
                    .push(sheet.finding(row, label_at + 2, "", expected));
            }
            (None, _) => {
                let label = on_one_line(label);
                let fault = Fault::NameOfNone { label };
                reading.warnings.push(sheet.row_finding(row, fault));
            }
        }
    }
}

/// `target.csv`: `label,name,notice,furigana`. Labels need not be categories: 市で収集しない is an answer.
pub(super) fn items(sheet: &Sheet<'_>, reading: &mut Reading) {
    let (label_at, rows) = below_titles(sheet);
    let mut seen = HashSet::new();
    let mut again: Vec<&Row> = Vec::new();
    let mut strangers: HashMap<String, (usize, &Row)> = HashMap::new();
    for row in rows {
        let (label, name) = (named(row, label_at), named(row, label_at + 1));
        let (Some(label), Some(name)) = (label, name) else {
            let found = [label_at, label_at + 1]
                .map(|column| row.cell(column))
                .join(",");
            let found = on_one_line(&found);
            let fault = Fault::NotUsed { found };
            reading.warnings.push(sheet.row_finding(row, fault));
            continue;
        };
        if reading.town.category(&label).is_none() {
            strangers.entry(label.clone()).or_insert((0, row)).0 += 1;
        }
        let item = Item {
            label,
            name,
            // 「{}」 is what some export programs write for nothing.
            notice: named(row, label_at + 2)
                .filter(|notice| notice != "{}")
                .map(|html| plain_text(&html)),
            furigana: named(row, label_at + 3),
        };
        if seen.insert(item.clone()) {
            reading.town.items.push(item);
        } else {
            again.push(row);
        }
    }
    if let Some(first) = again.first() {
        let fault = Fault::ItemsAgain {
            lines: again.len(),
            first: on_one_line(first.cell(label_at + 1)),
        };
        reading.warnings.push(sheet.row_finding(first, fault));
    }
    for (label, (items, row)) in strangers {
        let label = on_one_line(&label);
        let fault = Fault::ItemsOfNone { label, items };
        reading.warnings.push(sheet.row_finding(row, fault));
    }
}

/// `area_readings.csv`: `地名,よみ` or `地区名,地名,よみ`.
pub(super) fn readings(sheet: &Sheet<'_>, reading: &mut Reading) {
    let last = |row: &Row| row.cells().len().saturating_sub(1);
    let rows = sheet.below_header(|row| {
        ["よみ", "ヨミ", "読み", "ふりがな", "フリガナ", "reading"]
            .iter()
            .any(|title| plain(row.cell(last(row))).contains(title))
    });
    for row in rows {
        let last = last(row);
        let kana = row.cell(last);
        if last == 0 || !is_kana(kana) {
            let expected = Expected::Kana;
            reading
                .findings
                .push(sheet.finding(row, last, kana, expected));
            continue;
        }
        let name = plain(row.cell(last - 1));
        let district = named(row, last.wrapping_sub(2)).map(|d| plain(&d));
        let mut unknown = true;
        for area in &mut reading.town.areas {
            let here = district.is_none() || area.district.as_deref().map(plain) == district;
            if here && plain(&area.name) == name {
                area.reading = Some(kana.to_owned());
                unknown = false;
            }
        }
        if unknown {
            let area = on_one_line(row.cell(last - 1));
            let fault = Fault::NoSuchArea { area };
            reading.warnings.push(sheet.row_finding(row, fault));
        }
    }
}

/// The column of the label, which some cities put behind a district's number, and the rows below
/// the header, which others leave out.
fn below_titles<'s>(sheet: &'s Sheet<'_>) -> (usize, &'s [Row]) {
    const TITLES: [&str; 5] = ["label", "type", "ラベル", "分別", "種別"];
    let title = |cell: &String| TITLES.contains(&plain(cell).as_str());
    let rows = sheet.below_header(|row| row.cells().iter().any(title));
    let label = sheet
        .rows
        .first()
        .and_then(|row| row.cells().iter().position(title));
    (label.unwrap_or(0), rows)
}

/// HTML as text: `<br>` and block ends are line ends, other tags go, entities become their letters.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let starts_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match after.split_once('>').filter(|_| starts_tag) {
            Some((tag, after)) => {
                let tag = tag.trim_matches('/').trim().to_ascii_lowercase();
                if ["br", "p", "div", "li", "tr"]
                    .iter()
                    .any(|t| tag.split(' ').next() == Some(t))
                {
                    text.push('\n');
                }
                rest = after;
            }
            None => {
                text.push('<');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    for (entity, letter) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, letter);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_what_a_reader_would_see() {
        for (html, text) in [
            (
                "・袋で。<br>・朝8時まで。<br /> <br/>",
                "・袋で。\n・朝8時まで。",
            ),
            (
                "<p class=\"a\">水を&nbsp;切る</p><b>大切</b>",
                "水を 切る\n大切",
            ),
            ("10cm<長さ & 5 < 6 &lt;br&gt;", "10cm<長さ & 5 < 6 <br>"),
            ("", ""),
        ] {
            assert_eq!(plain_text(html), text, "{html}");
        }
    }

    #[test]
    fn dates_in_prose_are_noticed() {
        for text in [
            "収集がない日 2017/05/29 2017/07/31",
            "１月３日は収集しません。",
        ] {
            assert!(names_dates(text), "{text}");
        }
        for text in [
            "一部地域には対応していません。",
            "朝8時までに。",
            "月・木の収集日が祝日の場合",
        ] {
            assert!(!names_dates(text), "{text}");
        }
    }
}
