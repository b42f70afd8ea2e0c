//! Every area of the town, in memory, and the ways to find one.

use std::cmp::Reverse;

use crate::ids::AreaId;
use crate::text::fold;

/// The rows of the kana table, by their first kana.
pub const KANA_ROWS: [&str; 10] = ["あ", "か", "さ", "た", "な", "は", "ま", "や", "ら", "わ"];

/// Areas named at most when the one asked for is not there.
const NEAR_MAX: usize = 5;

/// An area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Its number, kept from one import to the next.
    pub id: AreaId,
    /// The district it lies in, where the town has districts.
    pub district: Option<String>,
    /// Its name as the town writes it; unique within the district.
    pub name: String,
    /// How it is read, in kana, where the town says.
    pub reading: Option<String>,
}

impl Area {
    /// `DISTRICT/AREA`, or `AREA` in a town without districts.
    pub fn label(&self) -> String {
        match &self.district {
            Some(district) => format!("{district}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// What a label leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// This area.
    Found(&'a Area),
    /// The name stands in several districts.
    Ambiguous(Vec<&'a Area>),
    /// No area; these are called much the same.
    Missing(Vec<&'a Area>),
}

/// The areas in use, in the town's order.
#[derive(Debug, Clone, Default)]
pub struct Directory(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    area: Area,
    name: String,
    label: String,
    reading: Option<String>,
}

impl Directory {
    /// A directory of `areas`, which keep their order.
    pub fn new(areas: Vec<Area>) -> Self {
        let entry = |area: Area| Entry {
            name: fold(&area.name),
            label: fold(&area.label()),
            reading: area.reading.as_deref().map(fold),
            area,
        };
        Self(areas.into_iter().map(entry).collect())
    }

    /// Every area.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.0.iter().map(|entry| &entry.area)
    }

    /// The area with this number.
    pub fn get(&self, id: AreaId) -> Option<&Area> {
        self.areas().find(|area| area.id == id)
    }

    /// The districts, in the town's order.
    pub fn districts(&self) -> Vec<&str> {
        let mut districts = Vec::new();
        for district in self.areas().filter_map(|area| area.district.as_deref()) {
            if !districts.contains(&district) {
                districts.push(district);
            }
        }
        districts
    }

    /// The areas of a district.
    pub fn in_district(&self, district: &str) -> Vec<&Area> {
        self.areas()
            .filter(|area| area.district.as_deref() == Some(district))
            .collect()
    }

    /// The areas that `words` may mean: those called so, then those whose name or reading begins
    /// with the words, then those that have them somewhere. Width and kana make no difference.
    pub fn search(&self, words: &str) -> Vec<&Area> {
        let words = fold(words);
        if words.is_empty() {
            return Vec::new();
        }
        let mut ranked: Vec<(u8, &Area)> = self
            .0
            .iter()
            .filter_map(|entry| Some((entry.rank(&words)?, &entry.area)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank); // stable: the town's order within a rank
        ranked.into_iter().map(|(_, area)| area).collect()
    }

    /// The kana rows in which some area's reading begins; none where no readings are known.
    pub fn kana_rows(&self) -> Vec<&'static str> {
        let used = |row: &&'static str| self.0.iter().any(|entry| entry.kana_row() == Some(*row));
        KANA_ROWS.iter().copied().filter(|row| used(row)).collect()
    }

    /// The areas whose reading begins in this row (`か`), by reading.
    pub fn in_kana_row(&self, row: &str) -> Vec<&Area> {
        let mut found: Vec<&Entry> = self
            .0
            .iter()
            .filter(|entry| entry.kana_row() == Some(row))
            .collect();
        found.sort_by_key(|entry| entry.reading.clone());
        found.into_iter().map(|entry| &entry.area).collect()
    }

    /// The area that a person or script calls `AREA` or `DISTRICT/AREA`: as written, else folded.
    pub fn by_label(&self, label: &str) -> Lookup<'_> {
        let label = label.trim();
        let as_written: Vec<&Area> = self
            .areas()
            .filter(|area| area.name == label || area.label() == label)
            .collect();
        let folded = fold(label);
        let named = if as_written.is_empty() {
            let called = |e: &&Entry| e.name == folded || e.label == folded;
            self.0
                .iter()
                .filter(called)
                .map(|entry| &entry.area)
                .collect()
        } else {
            as_written
        };
        match named[..] {
            [area] => Lookup::Found(area),
            [] => Lookup::Missing(self.near(label)),
            _ => Lookup::Ambiguous(named),
        }
    }

    fn near(&self, label: &str) -> Vec<&Area> {
        let name = label.rsplit('/').next().unwrap_or(label);
        let mut near = self.search(name);
        if near.is_empty() {
            let words = fold(name);
            let shared = |entry: &Entry| entry.name.chars().filter(|c| words.contains(*c)).count();
            let mut alike: Vec<&Entry> = self
                .0
                .iter()
                .filter(|entry| 2 * shared(entry) >= words.chars().count())
                .collect();
            alike.sort_by_key(|entry| (Reverse(shared(entry)), entry.name.len()));
            near = alike.into_iter().map(|entry| &entry.area).collect();
        }
        near.truncate(NEAR_MAX);
        near
    }
}

impl Entry {
    /// 0 for the words themselves, 1 when it begins with them, 2 when it has them somewhere.
    fn rank(&self, words: &str) -> Option<u8> {
        let texts = || [Some(&self.name), Some(&self.label), self.reading.as_ref()];
        let any =
            |fits: &dyn Fn(&str) -> bool| texts().into_iter().flatten().any(|text| fits(text));
        if any(&|text| text == words) {
            Some(0)
        } else if any(&|text| text.starts_with(words)) {
            Some(1)
        } else {
            any(&|text| text.contains(words)).then_some(2)
        }
    }

    fn kana_row(&self) -> Option<&'static str> {
        kana_row(self.reading.as_ref()?.chars().next()?)
    }
}

/// The row of the kana table that a hiragana stands in.
fn kana_row(kana: char) -> Option<&'static str> {
    let row = match kana {
        'ぁ'..='お' | 'ゔ' => 0,
        'か'..='ご' => 1,
        'さ'..='ぞ' => 2,
        'た'..='ど' => 3,
        'な'..='の' => 4,
        'は'..='ぽ' => 5,
        'ま'..='も' => 6,
        'ゃ'..='よ' => 7,
        'ら'..='ろ' => 8,
        'ゎ'..='ん' => 9,
        _ => return None,
    };
    Some(KANA_ROWS[row])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let area = |(id, district, name, reading): (i64, &str, &str, &str)| Area {
            id: AreaId(id),
            district: Some(district.to_owned()).filter(|d| !d.is_empty()),
            name: name.into(),
            reading: Some(reading.to_owned()).filter(|r| !r.is_empty()),
        };
        Directory::new(
            [
                (1, "北区", "本町", "ほんちょう"),
                (2, "南区", "本町", "ほんまち"),
                (3, "南区", "元本町１丁目", "もとほんちょう"),
                (4, "", "がけ下", "がけした"),
                (5, "北区", "海老沢（国道の東側）", ""),
            ]
            .map(area)
            .into(),
        )
    }

    fn ids(areas: Vec<&Area>) -> Vec<i64> {
        areas.into_iter().map(|area| area.id.0).collect()
    }

    #[test]
    fn districts_and_their_areas_keep_the_towns_order() {
        assert_eq!(directory().districts(), ["北区", "南区"]);
        assert_eq!(ids(directory().in_district("南区")), [2, 3]);
    }

    #[test]
    fn the_best_fit_comes_first() {
        assert_eq!(ids(directory().search("本町")), [1, 2, 3]);
        assert_eq!(ids(directory().search("ホンチョウ")), [1, 3]);
        assert_eq!(ids(directory().search("1丁目")), [3]);
        assert_eq!(ids(directory().search("南区本町")), [2]);
        assert!(directory().search("　").is_empty());
    }

    #[test]
    fn only_kana_rows_that_exist_are_offered() {
        assert_eq!(directory().kana_rows(), ["か", "は", "ま"]);
        assert_eq!(ids(directory().in_kana_row("は")), [1, 2]);
        assert!(directory().in_kana_row("わ").is_empty());
    }

    #[test]
    fn every_hiragana_stands_in_a_row() {
        assert!(('ぁ'..='ん').all(|kana| kana_row(kana).is_some()));
        assert_eq!((kana_row('っ'), kana_row('づ')), (Some("た"), Some("た")));
        assert_eq!((kana_row('ば'), kana_row('ん')), (Some("は"), Some("わ")));
        assert_eq!(kana_row('本'), None);
    }

    #[test]
    fn a_label_finds_one_area_or_says_which_there_are() {
        let directory = directory();
        let found = |label: &str| match directory.by_label(label) {
            Lookup::Found(area) => Ok(area.id.0),
            Lookup::Ambiguous(areas) => Err(("ambiguous", ids(areas))),
            Lookup::Missing(near) => Err(("missing", ids(near))),
        };
        assert_eq!(found("南区/本町"), Ok(2));
        assert_eq!(found("本町"), Err(("ambiguous", vec![1, 2])));
        assert_eq!(found("元本町1丁目"), Ok(3));
        assert_eq!(found("海老沢(国道の東側)"), Ok(5));
        assert_eq!(found("西区/本町"), Err(("missing", vec![1, 2, 3])));
        assert_eq!(found("海老原沢"), Err(("missing", vec![5])));
        assert_eq!(found("xyz"), Err(("missing", vec![])));
    }
}
