//! What is wrong with a file that staff handed in, in their words.

use crate::table::{Fault, Finding};

/// Where it is: 「3行目の2列目」.
pub(super) fn place(finding: &Finding) -> String {
    match finding.column {
        Some(column) => format!("{}行目の{column}列目", finding.line),
        None => format!("{}行目", finding.line),
    }
}

/// What is wrong, and what to do about it.
pub(super) fn words(fault: &Fault) -> String {
    match fault {
        Fault::Undecodable(_) => {
            "文字を読み取れません。UTF-8かShift_JISのCSVとして保存しなおしてください。".to_owned()
        }
        Fault::Empty => "中身がありません。1行目に見出しを書いてください。".to_owned(),
        Fault::Cells { found, expected } => format!(
            "見出しは{expected}列ですが、この行は{found}列です。区切りのカンマか引用符（\"）の過不足を直してください。"
        ),
        Fault::OpenQuotation => "引用符（\"）が閉じていません。".to_owned(),
        Fault::NotExcel => {
            "Excelのファイルとして読み取れません。パスワードを外した.xlsxか、CSVで保存しなおしてください。".to_owned()
        }
        Fault::OldExcel => {
            "古い形のExcelファイル（.xls）です。.xlsxかCSVで保存しなおしてください。".to_owned()
        }
        Fault::TooMuch { limit, what } => match *what {
            "rows" => format!("行が多すぎます。{limit}行までにしてください。"),
            "columns" => format!("列が多すぎます。{limit}列までにしてください。"),
            _ => "中身が大きすぎます。質問の一覧だけのファイルにしてください。".to_owned(),
        },
        Fault::Computation(error) => format!(
            "計算の誤り（{error}）が表示されたセルです。正しい値を入力してください。"
        ),
        Fault::NoColumn(_) => {
            "見出しに「質問」と「回答」の列がありません。書き出したファイルの見出しに合わせてください。".to_owned()
        }
        Fault::Blank(what) => format!("{}が空です。入力してください。", name(what)),
        Fault::TooLong { what, found, most } => format!(
            "{}が{found}文字あります。{most}文字までに縮めてください。",
            name(what)
        ),
        Fault::Twice { line, .. } => {
            format!("同じ質問が{line}行目にもあります。一つにまとめてください。")
        }
        Fault::NoAddress(given) => format!(
            "「{given}」はページのアドレスではありません。https:// から書いてください。"
        ),
        Fault::Other(words) => words.clone(),
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
