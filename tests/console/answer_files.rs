//! The FAQ as files: looked at, taken over, given out; files that are no list, and words that are no page.

use std::io::Write;

use kairan::faq;
use kairan::table;

use super::answers::{acts, entry, look, text};
use crate::on_both;
use crate::support::console::leads_to;
use crate::support::town::Town;

const EVIL: &str = "<img src=x onerror=alert(1)>\"'&<script>alert(2)</script>";

on_both!(a_file_is_looked_at_before_it_is_taken_over, |town: Town| {
    let staff = town.staff().await;
    let kept = entry(&town, "住民票の写しを取りたい").await;
    let mut rows = faq::export(&town.db).await.unwrap();
    rows.truncate(3);
    rows[2][1] = "新しい答えです。".to_owned();
    rows.push(["=1+1", "計算ではありません。", "式", "", "その他"].map(str::to_owned));
    for (name, file) in [
        ("faq.csv", table::csv(rows.clone())),
        (
            "名前は.csv",
            table::excel("s", &[10.0], rows.clone()).unwrap(),
        ),
    ] {
        let laid_by = staff.hands_in("/answers/files", name, &file).await;
        assert_eq!(laid_by.status(), 303);
        let path = leads_to(&laid_by).to_owned();
        let page = look(&staff, &path).await;
        for words in [
            "<del>",
            "新しい答えです。",
            "=1+1",
            "ファイルにない質問は削除されます",
            name,
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert_eq!(
            entry(&town, "住民票の写しを取りたい").await,
            kept,
            "nothing has changed"
        );
    }
    let excel = table::excel("s", &[10.0], rows).unwrap();
    let laid_by = staff.hands_in("/answers/files", "faq.xlsx", &excel).await;
    let path = leads_to(&laid_by).to_owned();
    // Somebody else is quicker.
    let fields = [("question", "横入り"), ("answer", "しました。")];
    assert_eq!(staff.post("/answers", &fields).await.status(), 303);
    let refused = staff.post(&path, &[]).await;
    assert_eq!(
        leads_to(&refused),
        "/answers/files",
        "not what was shown any more"
    );
    assert_eq!(entry(&town, "横入り").await.entry.answer, "しました。");
    let laid_by = staff.hands_in("/answers/files", "faq.xlsx", &excel).await;
    let path = leads_to(&laid_by).to_owned();
    assert_eq!(leads_to(&staff.post(&path, &[]).await), "/answers");
    assert_eq!(faq::all(&town.db).await.unwrap().len(), 3);
    let again = entry(&town, "住民票の写しを取りたい").await;
    assert_eq!(
        again.entry.id, kept.entry.id,
        "a button sent before still finds it"
    );
    assert_eq!(
        entry(&town, "=1+1").await.entry.category.as_deref(),
        Some("その他")
    );
    assert_eq!(staff.get(&path).await.status(), 404, "once");
    assert_eq!(leads_to(&staff.post(&path, &[]).await), "/answers/files");
    assert_eq!(acts(&town).await, ["faq.imported", "faq.added"]);
});

on_both!(what_is_given_out_comes_back_the_same, |town: Town| {
    let staff = town.staff().await;
    let fields = [
        ("question", "@質問"),
        ("answer", "+81から「\"」、\n=2行目"),
        ("link", "https://x.example/?a=1,2"),
    ];
    assert_eq!(staff.post("/answers", &fields).await.status(), 303);
    for path in ["/answers/faq.csv", "/answers/faq.xlsx"] {
        let given = staff.get(path).await;
        let how = given.headers()["content-disposition"].to_str().unwrap();
        assert!(how.starts_with("attachment; filename=\"faq."), "{how}");
        let bytes = given.bytes().await.unwrap();
        if path.ends_with("csv") {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(text.starts_with("\u{feff}質問,回答,言い換え,リンク,分類\r\n"));
            assert!(
                text.contains("\n'@質問,\"'+81から「\"\"」、\n=2行目\""),
                "{text}"
            );
        }
        let laid_by = staff.hands_in("/answers/files", "again", &bytes).await;
        let page = look(&staff, leads_to(&laid_by)).await;
        assert!(page.contains("質問と答えは変わりません"), "{path}");
    }
});

/// A workbook whose one sheet is `cells` (rows of XML), and what else lies in it.
fn workbook(cells: &str, beside: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    for (name, text) in [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOCUMENT}\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{cells}</sheetData></worksheet>"),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/media/picture.bin", options).unwrap();
    zip.write_all(beside).unwrap();
    zip.finish().unwrap().into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"str\"><v>{text}</v></c>")
}

on_both!(
    files_that_are_no_list_are_refused_with_the_place,
    |town: Town| {
        let staff = town.staff().await;
        let before = faq::all(&town.db).await.unwrap();
        let head = format!(
            "<row r=\"1\">{}{}</row>",
            cell("A1", "質問"),
            cell("B1", "回答")
        );
        let row = |cells: String| format!("{head}<row r=\"2\">{cells}</row>");
        let bomb = workbook(&head, &vec![0; 80 * 1024 * 1024]);
        assert!(bomb.len() < 200 * 1024, "80 MB in {} bytes", bomb.len());
        let broken = row(format!(
            "{}<c r=\"B2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>",
            cell("A2", "い")
        ));
        let far = row(cell("XFD1048576", "遠い"));
        let cases: [(&[u8], &str); 9] = [
            (b"\xFF\xFE\x00\xD8", "文字を読み取れません"),
            ("質問,回答\nあ\u{0},い\n".as_bytes(), "文字を読み取れません"),
            (
                "質問,回答\nあ,い\nう,え,お\n".as_bytes(),
                "3行目</span></td><td data-label=\"内容\">見出しは2列ですが",
            ),
            (
                "問い,こたえ\nあ,い\n".as_bytes(),
                "「質問」と「回答」の列がありません",
            ),
            (
                "質問,回答\nあ,い\nあ,\n".as_bytes(),
                "3行目の2列目</span></td><td data-label=\"内容\">答えが空です",
            ),
            (
                b"PK\x03\x04 and nothing more",
                "Excelのファイルとして読み取れません",
            ),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "古い形のExcelファイル"),
            (&bomb, "中身が大きすぎます"),
            (
                &workbook(&broken, b""),
                "2行目の2列目</span></td><td data-label=\"内容\">計算の誤り",
            ),
        ];
        for (bytes, said) in cases {
            let page = text(
                staff.hands_in("/answers/files", "faq.csv", bytes).await,
                422,
            )
            .await;
            assert!(page.contains(said), "{said} is not in {page}");
            assert!(page.contains("取り込んでいません"));
        }
        let page = text(
            staff
                .hands_in("/answers/files", "far", &workbook(&far, b""))
                .await,
            422,
        )
        .await;
        assert!(page.contains("列が多すぎます"), "{page}");
        // What a formula came to is what staff see.
        let formula = row(format!(
            "{}<c r=\"B2\" t=\"str\"><f>\"a\"&amp;\"b\"</f><v>ab</v></c>",
            cell("A2", "い")
        ));
        let laid_by = staff
            .hands_in("/answers/files", "f.xlsx", &workbook(&formula, b""))
            .await;
        assert!(
            look(&staff, leads_to(&laid_by))
                .await
                .contains("<p class=\"said\">ab</p>")
        );
        let page = text(staff.hands_in("/answers/files", "", b"").await, 422).await;
        assert!(page.contains("ファイルを選んでください"));
        for size in [1024 * 1024 + 1, 3 * 1024 * 1024] {
            let page = text(
                staff
                    .hands_in("/answers/files", "big.csv", &vec![b'a'; size])
                    .await,
                413,
            )
            .await;
            assert!(page.contains("ファイルが大きすぎます"));
        }
        assert_eq!(faq::all(&town.db).await.unwrap(), before);
    }
);

on_both!(nothing_written_becomes_a_part_of_the_page, |town: Town| {
    let staff = town.staff().await;
    let fields = [
        ("question", EVIL),
        ("answer", EVIL),
        ("synonyms", EVIL),
        ("category", "<i>x</i>"),
    ];
    assert_eq!(staff.post("/answers", &fields).await.status(), 303);
    let id = entry(&town, EVIL).await.entry.id;
    let query: String = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    let file = table::csv([["質問", "回答"], [EVIL, "変えた"]]);
    let laid_by = staff.hands_in("/answers/files", "<b>.csv", &file).await;
    let fault = table::csv([["質問", "回答", "リンク"], ["a", "b", EVIL]]);
    let fault = staff.hands_in("/answers/files", "<b>.csv", &fault).await;
    let mut pages = vec![("fault".to_owned(), text(fault, 422).await)];
    for path in [
        "/answers".to_owned(),
        format!("/answers?q={query}&category={query}"),
        format!("/answers/{id}"),
        format!("/answers/{id}/remove"),
        format!("/answers/new?word={query}"),
        format!("/answers/try?q={query}&language={query}&area={query}"),
        leads_to(&laid_by).to_owned(),
    ] {
        pages.push((path.clone(), look(&staff, &path).await));
    }
    for (path, page) in pages {
        for raw in [
            "<img src=x",
            "<script>alert",
            "<i>x",
            "<b>",
            "onerror=alert(1)>\"",
        ] {
            assert!(!page.contains(raw), "{path} has {raw}");
        }
    }
});
