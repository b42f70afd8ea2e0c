//! What is wrong with the files of a calendar, in words for staff.

use crate::console::findings::InJapanese;
use crate::garbage::{Areas, Expected, Fault, NotADate};

impl InJapanese for Fault {
    fn in_japanese(&self) -> String {
        match self {
            Self::Table(fault) => fault.in_japanese(),
            Self::Cell { found, expected } => {
                let expected = words(expected);
                format!("「{found}」とあります。{expected}を書いてください。")
            }
            Self::Cells { cells, area } => format!(
                "「{area}」の行に{cells}個の欄があります。見出しと同じ数にしてください。カンマの過不足がないか確かめてください。"
            ),
            Self::TwoCentres {
                found,
                first,
                line,
            } => format!(
                "センターが「{found}」です。同じ地区の{line}行目では「{first}」となっています。どちらかに揃えてください。"
            ),
            Self::TwoFiles => "同じ種類のファイルが二つあります。一つにしてください。".to_owned(),
            Self::NoAreas => {
                "地区が見つかりません。1行に1地区を書いた area_days.csv を含めてください。".to_owned()
            }
            Self::Backward { first, last } => {
                format!("休みの期間が{first}から{last}です。初日を先に書いてください。")
            }
            Self::OneDate => {
                "日付が一つしかありません。休みの初日と最終日の両方を書くか、両方を空にしてください。".to_owned()
            }
            Self::Language(unknown) => format!(
                "「{}」という言語はありません。{} のどれかを書いてください。",
                unknown.given, unknown.known
            ),
            Self::NotRead => "このファイルは使いません。".to_owned(),
            Self::NotUsed { found } => format!(
                "「{found}」とあります。分別と品目を書いてください。この行は使いません。"
            ),
            Self::AreaAgain { area, line } => {
                format!("「{area}」は{line}行目に同じものがあります。")
            }
            Self::ChangeAgain => "同じ変更が上の行にあります。".to_owned(),
            Self::ItemsAgain { lines, first } => {
                format!("上と同じ行が{lines}行あります。最初は「{first}」です。")
            }
            Self::DatesInRemark { id } => format!(
                "注意事項「{id}」に日付があります。住民は読めますが、収集カレンダーには反映されません。alternate_days.csv の行にしてください。"
            ),
            Self::TextOfNone { label } => {
                format!("「{label}」は area_days.csv にない分別です。説明は使いません。")
            }
            Self::NameOfNone { label } => {
                format!("「{label}」は area_days.csv にない分別です。名前は使いません。")
            }
            Self::ItemsOfNone { label, items } => format!(
                "「{label}」（{items}品目）は area_days.csv にない分別です。収集カレンダーには出ません。"
            ),
            Self::NoSuchArea { area } => format!("「{area}」は area_days.csv にない地区です。"),
            Self::CentreOfNone { centre } => {
                format!("「{centre}」を使う地区がないため、この休みはどこにも効きません。")
            }
            Self::Ending {
                category,
                days,
                first,
                areas,
            } => format!(
                "「{category}」の日付が{days}日以内に終わります（最も早いのは{first}）：{}",
                listed(areas)
            ),
            Self::Idle { days, from, areas } => format!(
                "{from}からの{days}日間、収集が一度もありません：{}",
                listed(areas)
            ),
            Self::UnknownCentre { centre, areas } => format!(
                "center.csv に「{centre}」がないため、次の地区には休みがありません：{}",
                listed(areas)
            ),
            Self::OpenAtYearsEnd {
                centre,
                first,
                last,
                areas,
            } => {
                let whose = match centre {
                    Some(centre) => format!("「{centre}」"),
                    None => "センターのない地区".to_owned(),
                };
                let areas = listed(areas);
                format!("{whose}には{first}から{last}の年末年始の休みがありません：{areas}")
            }
        }
    }
}

/// What should stand there, as 「…を書いてください」 goes on.
fn words(expected: &Expected) -> String {
    let words = match expected {
        Expected::Date(NotADate::Form) => "8桁の日付（20260401）",
        Expected::Date(NotADate::Calendar) => "実在する日付（20260401）",
        Expected::Date(NotADate::Years) => "2000年から2098年の日付",
        Expected::WeekdayBeforeMonths => "「:」の前に曜日",
        Expected::RemarkAfterAsterisk => "「*」のすぐ後に注意事項の番号（*1）",
        Expected::Month | Expected::Months => "「:」の後に1から12の月",
        Expected::WeekdayBeforeNumber => "数字の前に曜日（火2）、月の前に「:」、または8桁の日付",
        Expected::DateInMonths => "後ろに書いた月の日付、または二つの間に「;」",
        Expected::OneReading => {
            "一通りにしか読めないもの（「二通りに読める書き方」で読み方を選んでも取り込めます）"
        }
        Expected::DateNearOthers => "並びの他の日付に近い日付（年の間違いではありませんか）",
        Expected::Day => {
            "曜日（月）、第何曜日（水2）、隔週（隔水20260401）、日付（20260401）、注意事項（*1）のどれか"
        }
        Expected::Nth => "曜日の後に1から5の数（第何週か）",
        Expected::PartedWeekdays => "空白で区切った曜日（月1 木）",
        Expected::NothingButNth => "曜日の後には1から5の数だけ（月1）",
        Expected::Fortnight => "「隔」の後に曜日と日付（隔水20260401）",
        Expected::FortnightFromItsWeekday => "「隔」の後の曜日に当たる初回の日付",
        Expected::Header => "「地名,センター,分別…」の見出し",
        Expected::NameBeforeCentre => "センターより前に地名",
        Expected::CategoryAbove { used } => {
            return format!("この列の{used}個の欄（読んでいません）の上に分別");
        }
        Expected::CategoryOnce => "分別は一度ずつ（日は最初の列に加えます）",
        Expected::IdOnce => "番号は一度ずつ",
        Expected::CategoryName => "この言語での分別の名前",
        Expected::Kana => "地区名の読み（かな）",
        Expected::AreaName => "改行のない地区名",
        Expected::DistrictNumber => "area_master.csv にある番号",
        Expected::SpacesBetweenWeekdays => "曜日の間に空白（一つずつの曜日として読みました）",
        Expected::Remark => "remarks.csv にある注意事項の番号",
        Expected::NoneWhileClosed {
            first,
            last,
            centre,
        } => {
            let centre = centre.as_deref().unwrap_or("センターのない地区");
            return format!("center.csv で休みの{first}から{last}（{centre}）でない日");
        }
        Expected::AsInLine { cell, line } => {
            return format!("同じ地区の{line}行目と同じ「{cell}」");
        }
        Expected::ChangeColumns => "地名、分別、収集日、代替日の順の欄",
        Expected::Category => "area_days.csv にある分別",
        Expected::AreaOrNothing => "area_days.csv にある地区（全地区なら空欄）",
        Expected::CollectionDay { category } => {
            return format!("area_days.csv で「{category}」を集める日");
        }
        Expected::OpenDay { first, last } => {
            return format!("center.csv の休み（{first}〜{last}）でない日");
        }
        Expected::AsFurtherUp { instead } => {
            let instead = instead.map_or_else(|| "空欄".to_owned(), |date| date.to_string());
            return format!("上の行が同じ日について書いている「{instead}」");
        }
    };
    words.to_owned()
}

fn listed(areas: &Areas) -> String {
    let named = areas.named.join("、");
    match areas.more {
        0 => named,
        more => format!("{named}、ほか{more}地区"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_and_what_to_write_are_one_sentence() {
        let (first, last) = ("2026-12-29".parse(), "2027-01-03".parse());
        let (Ok(first), Ok(last)) = (first, last) else {
            unreachable!("both are dates");
        };
        for (found, expected, said) in [
            (
                "月火9",
                Expected::Nth,
                "「月火9」とあります。曜日の後に1から5の数（第何週か）を書いてください。",
            ),
            (
                "20261230",
                Expected::OpenDay { first, last },
                "「20261230」とあります。center.csv の休み（2026-12-29〜2027-01-03）でない日を書いてください。",
            ),
        ] {
            let found = found.to_owned();
            assert_eq!(Fault::Cell { found, expected }.in_japanese(), said);
        }
    }
}
