//! What is wrong with a timetable or one of its rules, in words for staff.

use crate::childcare::Fault;
use crate::console::findings::InJapanese;

impl InJapanese for Fault {
    fn in_japanese(&self) -> String {
        match self {
            Self::Table(fault) => fault.in_japanese(),
            Self::NoColumn { missing } => {
                format!("列「{missing}」がありません。1行目の見出しに加えてください。")
            }
            Self::NoRules => "予定が一つもありません。1行に1件を書いてください。".to_owned(),
            Self::Blank => "空欄です。文字を入れてください。".to_owned(),
            Self::TooLong { found, most } => {
                format!("{found}文字あります。{most}文字までにしてください。")
            }
            Self::Code { found, most } => {
                instead(found, &format!("1〜{most}文字の英数字と「-」「_」"))
            }
            Self::NoneOf { found, known } => instead(found, &format!("{known} のどれか")),
            Self::Offset(no) => instead(
                &no.0,
                "期間（P3M＝3か月後、P50D＝50日後、-P32W＝32週前。20年まで）",
            ),
            Self::ClosesFirst { end, start } => {
                instead(end, &format!("受けられる期間の始まり（{start}）より後"))
            }
            Self::Link(found) => instead(found, "https:// から始まるアドレス"),
            Self::Area(found) => instead(found, "ごみの収集カレンダーにある地区"),
            Self::Date(found) => instead(found, "日付（2027-04-01）"),
            Self::EndsFirst { last, first } => {
                instead(last, &format!("{first}より前でない日"))
            }
            Self::PartOfSession => {
                "空欄です。集まる日、ところ、生まれた日の範囲は、四つとも書くか、四つとも空にしてください。".to_owned()
            }
            Self::SessionAnchor(found) => {
                instead(found, "集まる日を決めたときは「生まれた月」（birth_date）")
            }
            Self::SessionWindow(_) => {
                "集まる日を決めたときは、受けられる期間を空にしてください。".to_owned()
            }
            Self::SessionOver(_) => {
                "集まる日を決めたときは、その前に届くように「1か月前」（-P1M）のように書いてください。".to_owned()
            }
            Self::Flag(found) => instead(found, "1か0"),
            Self::Overlaps { code, line } => format!(
                "「{code}」が重なっています。適用の期間が{line}行目と重ならないようにしてください。"
            ),
        }
    }
}

fn instead(found: impl std::fmt::Display, expected: &str) -> String {
    format!("「{found}」とあります。{expected}を書いてください。")
}
