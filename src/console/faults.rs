//! What any table can have wrong, in words for staff.

use super::findings::InJapanese;
use crate::table::Fault;

impl InJapanese for Fault {
    fn in_japanese(&self) -> String {
        match self {
        Self::Undecodable(_) => {
            "文字を読み取れません。UTF-8かShift_JISのCSVとして保存しなおしてください。".to_owned()
        }
        Self::Empty => "中身がありません。1行目に見出しを書いてください。".to_owned(),
        Self::Cells { found, expected } => format!(
            "見出しは{expected}列ですが、この行は{found}列です。区切りのカンマか引用符（\"）の過不足を直してください。"
        ),
        Self::OpenQuotation => "引用符（\"）が閉じていません。".to_owned(),
        Self::NotExcel => {
            "Excelのファイルとして読み取れません。パスワードを外した.xlsxか、CSVで保存しなおしてください。".to_owned()
        }
        Self::OldExcel => {
            "古い形のExcelファイル（.xls）です。.xlsxかCSVで保存しなおしてください。".to_owned()
        }
        Self::TooMuch { limit, what } => match *what {
            "rows" => format!("行が多すぎます。{limit}行までにしてください。"),
            "columns" => format!("列が多すぎます。{limit}列までにしてください。"),
            _ => "中身が大きすぎます。質問の一覧だけのファイルにしてください。".to_owned(),
        },
        Self::Computation(error) => format!(
            "計算の誤り（{error}）が表示されたセルです。正しい値を入力してください。"
        ),
        Self::NoColumn(_) => {
            "見出しに「質問」と「回答」の列がありません。書き出したファイルの見出しに合わせてください。".to_owned()
        }
        Self::Blank(what) => format!("{}が空です。入力してください。", name(what)),
        Self::TooLong { what, found, most } => format!(
            "{}が{found}文字あります。{most}文字までに縮めてください。",
            name(what)
        ),
        Self::Twice { line, .. } => {
            format!("同じ質問が{line}行目にもあります。一つにまとめてください。")
        }
        Self::NoAddress(given) => format!(
            "「{given}」はページのアドレスではありません。https:// から書いてください。"
        ),
        Self::Other(words) => words.clone(),
        }
    }
}

fn name(part: &str) -> &str {
    match part {
        "question" => "質問",
        "answer" => "答え",
        "category" => "分類",
        other => other,
    }
}
