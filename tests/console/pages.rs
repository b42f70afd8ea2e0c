//! What holds for every page that can be looked at.

use kairan::console::routes::{Admits, ROUTES};

use super::office::Office;
use crate::on_both;

/// Words after which a page would do something by script or style of its own.
const OF_ITS_OWN: [&str; 5] = ["<script>", "style=", "<style", "javascript:", "hx-on"];

/// Steps of signing in that show nothing to whoever has not begun; their own stories look at them.
const ON_THE_WAY: [&str; 4] = [
    "/login/code",
    "/login/enrol",
    "/login/sso",
    "/login/sso/begin",
];

on_both!(
    every_page_works_without_a_line_of_script,
    |office: Office| {
        let readers = [&office.chief, &office.first, &office.auditor];
        let mut looked_at = 0;
        for row in ROUTES {
            if row.method != "GET" || row.path.contains('{') || ON_THE_WAY.contains(&row.path) {
                continue;
            }
            let mut answer = readers[0].get(row.path).await;
            for reader in &readers[1..] {
                if answer.status() == 403 {
                    answer = reader.get(row.path).await;
                }
            }
            assert_eq!(answer.status(), 200, "{}", row.path);
            let kind = answer.headers()["content-type"].to_str().unwrap();
            if !kind.starts_with("text/html") {
                let how = answer.headers()["content-disposition"].to_str().unwrap();
                assert!(
                    how.starts_with("attachment;"),
                    "{} is shown inline",
                    row.path
                );
                continue;
            }
            let page = answer.text().await.unwrap();
            looked_at += 1;
            let most = 200 * 1024;
            assert!(page.len() <= most, "{}: {} bytes", row.path, page.len());
            for word in OF_ITS_OWN {
                assert!(!page.contains(word), "{} has {word}", row.path);
            }
            let tags = page.split('<').filter_map(|rest| rest.split('>').next());
            let acting =
                tags.filter(|tag| tag.split_whitespace().any(|word| word.starts_with("on")));
            assert_eq!(acting.collect::<Vec<_>>(), [""; 0], "{}", row.path);
            for form in page.split("<form").skip(1) {
                let tag = form.split('>').next().unwrap();
                assert!(
                    tag.contains("action="),
                    "{}: a form that only a script could send: {tag}",
                    row.path
                );
                let inside = form.split("</form>").next().unwrap();
                let carries = inside.contains("name=\"token\"");
                let deed = tag.contains("method=\"post\"");
                assert!(
                    !deed || carries || row.admits == Admits::Anyone,
                    "{}: a form without the token",
                    row.path
                );
            }
            assert!(page.contains("<html lang=\"ja\">") && page.contains("class=\"skip\""));
        }
        assert!(looked_at >= 2);
    }
);
