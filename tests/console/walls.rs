//! What stands around every page: headers, the cross-site guard, the table of routes, the limits.

use kairan::config::Settings;
use kairan::console::MAX_UPLOAD;
use kairan::console::routes::{Admits, ROUTES};
use kairan::startup::{self, Running};
use kairan::web::walls::MAX_FORM;
use reqwest::Method;
use reqwest::header::{HeaderMap, ORIGIN};

use crate::on_both;
use crate::support::console::{client, leads_to};
use crate::support::office::PASSWORD;
use crate::support::town::{Town, policy, settings};

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// A path that a row matches.
pub fn path_of(pattern: &str) -> String {
    let mut path = pattern.to_owned();
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        path.replace_range(open..=close, "018f0000-0000-7000-8000-000000000000");
    }
    path
}

on_both!(every_answer_tells_browsers_what_to_refuse, |town: Town| {
    let staff = town.staff().await;
    for path in ["/", "/login", "/nowhere", "/healthz"] {
        let answer = staff.get(path).await;
        let headers = answer.headers();
        let content = header(headers, "content-security-policy");
        assert!(content.contains("default-src 'none'; script-src 'self'; style-src 'self'"));
        assert!(content.contains("frame-ancestors 'none'") && !content.contains("unsafe"));
        assert_eq!(header(headers, "x-content-type-options"), "nosniff");
        assert_eq!(header(headers, "referrer-policy"), "same-origin");
        assert_eq!(header(headers, "cache-control"), "no-store", "{path}");
        assert_eq!(header(headers, "cross-origin-opener-policy"), "same-origin");
        // Not over http, where it would mean nothing.
        assert_eq!(header(headers, "strict-transport-security"), "");
    }
});

on_both!(
    a_page_needs_a_session_and_leads_back_after_sign_in,
    |town: Town| {
        let answer = client()
            .get(format!("{}/?tab=1", town.origin()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 303);
        assert_eq!(leads_to(&answer), "/login?next=%2F%3Ftab%3D1");
        let mut ended = town.staff().await;
        ended.key = "nobody's".to_owned();
        assert_eq!(ended.get("/").await.status(), 303);
    }
);

on_both!(no_other_site_can_do_anything, |town: Town| {
    let mut staff = town.staff().await;
    let token = kairan::web::Token::of(&staff.key);
    let other = town.signs_in(staff.person).await;
    let mut deeds = 0;
    for route in ROUTES.iter().filter(|route| !route.method.is_safe()) {
        let path = path_of(route.path);
        deeds += 1;
        // So many requests from one address would be too many.
        staff = staff.elsewhere();
        let form = || {
            let request = staff.request(route.method.as_str().parse().unwrap(), &path);
            request.form(&[("token", token.reveal())])
        };
        for foreign in [
            form(),
            form().header(ORIGIN, "https://evil.example"),
            form().header(ORIGIN, "null"),
            form().header("sec-fetch-site", "cross-site"),
            form()
                .header("sec-fetch-site", "same-site")
                .header(ORIGIN, &staff.origin),
        ] {
            assert_eq!(foreign.send().await.unwrap().status(), 403, "{path}");
        }
        if route.admits == Admits::Anyone {
            continue;
        }
        // From our own site, but not from a form of this session.
        for token in ["", kairan::web::Token::of(&other.key).reveal()] {
            let request = staff.request(route.method.as_str().parse().unwrap(), &path);
            let request = request.header("sec-fetch-site", "same-origin");
            let answer = request.form(&[("token", token)]).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{path}");
        }
    }
    assert!(deeds > 0);
    assert_eq!(staff.get("/").await.status(), 200, "nothing was done");
});

on_both!(
    signing_out_ends_the_session_and_says_so_once,
    |town: Town| {
        let staff = town.staff().await;
        let answer = staff.post("/logout", &[]).await;
        assert_eq!(
            (answer.status().as_u16(), leads_to(&answer)),
            (303, "/login")
        );
        let said = answer.headers().get_all("set-cookie").iter();
        let said: Vec<&str> = said.map(|cookie| cookie.to_str().unwrap()).collect();
        let said = said
            .iter()
            .find(|cookie| cookie.starts_with("kairan-said="))
            .unwrap();
        assert!(said.contains("HttpOnly; SameSite=Strict"), "{said}");
        let said = said.split(';').next().unwrap();
        assert_eq!(staff.get("/").await.status(), 303);
        let login = format!("{}/login", staff.origin);
        let page = client()
            .get(login)
            .header("cookie", said)
            .send()
            .await
            .unwrap();
        assert!(header(page.headers(), "set-cookie").starts_with("kairan-said=; "));
        assert!(
            page.text()
                .await
                .unwrap()
                .contains("サインアウトしました。")
        );
    }
);

on_both!(one_address_cannot_take_all, |town: Town| {
    let origin = town.origin();
    let http = client();
    let mut refused = None;
    for attempt in 0..2000 {
        let asked = http.get(format!("{origin}/login"));
        // Who stands behind no proxy of ours writes what they like here.
        let asked = asked.header("x-forwarded-for", format!("192.0.2.{}", attempt % 250));
        let answer = asked.send().await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert!(
        header(refused.headers(), "retry-after")
            .parse::<u64>()
            .unwrap()
            >= 1
    );
    assert!(refused.text().await.unwrap().contains("少しお待ちください"));
});

on_both!(pages_and_their_files_are_small_and_kept, |town: Town| {
    let staff = town.staff().await;
    let page = staff.get("/").await.text().await.unwrap();
    let mut total = page.len();
    let files: Vec<&str> = page
        .split('"')
        .filter(|path| path.starts_with("/assets/"))
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        let file = staff.get(path).await;
        assert_eq!(file.status(), 200, "{path}");
        assert!(header(file.headers(), "cache-control").ends_with("immutable"));
        let tag = header(file.headers(), "etag").to_owned();
        let again = staff
            .request(Method::GET, path)
            .header("if-none-match", tag);
        let again = again.send().await.unwrap();
        assert_eq!(again.status(), 304);
        // A body here would be taken for the next answer on this connection.
        assert_eq!(again.content_length().unwrap_or(0), 0);
        total += file.bytes().await.unwrap().len();
    }
    // Before compression.
    assert!(total <= 200 * 1024, "{total}");
    let old = staff.get("/assets/000000000000/kairan.css").await;
    assert_eq!(
        (
            old.status().as_u16(),
            header(old.headers(), "cache-control")
        ),
        (200, "no-cache")
    );
    assert_eq!(
        staff.get("/assets/000000000000/..%2fmod.rs").await.status(),
        404
    );
});

/// The product opened once more, as settings say.
async fn opened(town: &Town, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = settings(&town.line, &town.db.url);
    change(&mut settings);
    startup::open(&settings, policy(), town.clock.clone(), None)
        .await
        .unwrap()
}

on_both!(over_https_browsers_are_held_to_it, |town: Town| {
    let product = opened(&town, |s| {
        s.public_url = "https://line.city.example.jp".to_owned()
    })
    .await;
    let origin = format!("http://{}", product.address);
    let person = town.staff().await.person;
    let key = town.signs_in_at(&product, person).await.key;
    let ask = |cookie: String| client().get(&origin).header("cookie", cookie);
    let home = ask(format!("__Host-kairan={key}")).send().await.unwrap();
    assert_eq!(home.status(), 200);
    let lasting = header(home.headers(), "strict-transport-security");
    assert!(lasting.starts_with("max-age=31536000"), "{lasting}");
    // A neighbour under the same domain can set this one; browsers let nobody set the other.
    let planted = ask(format!("kairan={key}")).send().await.unwrap();
    assert_eq!(planted.status(), 303);
    let out = client()
        .post(format!("{origin}/logout"))
        .header("cookie", format!("__Host-kairan={key}"));
    let out = out.header(ORIGIN, "https://line.city.example.jp");
    let token = kairan::web::Token::of(&key);
    let out = out.form(&[("token", token.reveal())]).send().await.unwrap();
    let gone = out
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap());
    let gone: Vec<&str> = gone.filter(|c| c.starts_with("__Host-kairan=;")).collect();
    assert!(
        gone[0].contains("Secure") && gone[0].contains("Path=/"),
        "{gone:?}"
    );
});

on_both!(over_https_the_cookie_is_the_hosts_alone, |town: Town| {
    let site = "https://line.city.example.jp";
    let product = opened(&town, |s| s.public_url = site.to_owned()).await;
    let hall = town.hall().await;
    let person = hall.holder("30001", hall.pr_staff).await;
    let link = town.invites(person).await;
    let chosen = client()
        .post(format!("http://{}{link}/password", product.address))
        .header(ORIGIN, site)
        .form(&[("password", PASSWORD), ("again", PASSWORD)]);
    let chosen = chosen.send().await.unwrap();
    let given = chosen.headers().get_all("set-cookie").iter();
    let mut given = given.map(|cookie| cookie.to_str().unwrap());
    let session = given
        .find(|cookie| cookie.starts_with("__Host-kairan="))
        .unwrap();
    let kept: Vec<&str> = session.split("; ").skip(1).collect();
    for rule in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(kept.contains(&rule), "{rule}: {session}");
    }
    assert!(!session.contains("Domain"), "{session}");
});

on_both!(
    behind_a_proxy_its_word_counts_and_nobody_elses,
    |town: Town| {
        let product = opened(&town, |s| s.trusted_proxies = 1).await;
        let login = format!("http://{}/login", product.address);
        let http = client();
        let ask = |seen: String| http.get(&login).header("x-forwarded-for", seen).send();
        let mut refused = false;
        for attempt in 0..2000 {
            let answer = ask(format!("198.51.100.{}, 192.0.2.1", attempt % 250))
                .await
                .unwrap();
            refused = refused || answer.status() == 429;
            if refused {
                break;
            }
        }
        assert!(
            refused,
            "what stands left of the proxy's word made new visitors"
        );
        assert_eq!(
            ask("192.0.2.1, 192.0.2.2".to_owned())
                .await
                .unwrap()
                .status(),
            200
        );
    }
);

on_both!(too_large_a_form_is_refused_in_words, |town: Town| {
    let staff = town.staff().await;
    let answer = staff
        .post("/logout", &[("note", &"x".repeat(MAX_FORM))])
        .await;
    assert_eq!(answer.status(), 413);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("256KB") && page.contains("山田 花子"),
        "{page}"
    );
    assert_eq!(staff.get("/").await.status(), 200, "nothing was done");
    let parts = staff
        .request(Method::POST, "/logout")
        .header(ORIGIN, &staff.origin);
    let parts = parts.header("content-type", "multipart/form-data; boundary=x");
    let answer = parts.body(vec![b'x'; MAX_UPLOAD + 1]).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    assert!(answer.text().await.unwrap().contains("10MB"));
});

on_both!(
    a_browsers_report_is_counted_and_nobody_elses,
    |town: Town| {
        let reports = format!("{}/csp-report", town.origin());
        let report = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
        for (site, status) in [("same-origin", 204), ("cross-site", 403)] {
            let sent = client()
                .post(&reports)
                .header("sec-fetch-site", site)
                .body(report);
            assert_eq!(sent.send().await.unwrap().status(), status);
        }
    }
);

#[test]
fn the_console_answers_nothing_outside_its_table() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
    let mut folders = vec![src];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("routes.rs") {
                continue;
            }
            read += 1;
            let code = std::fs::read_to_string(&path).unwrap();
            for way in [
                ".route(",
                ".service(",
                "resource(",
                "scope(",
                "#[get",
                "#[post",
            ] {
                assert!(
                    !code.contains(way),
                    "{} adds a route by `{way}`",
                    path.display()
                );
            }
        }
    }
    assert!(read > 3);
    let mut rows: Vec<_> = ROUTES
        .iter()
        .map(|row| (row.path, row.method.as_str()))
        .collect();
    rows.sort_unstable();
    let all = rows.len();
    rows.dedup();
    assert_eq!(rows.len(), all, "a row stands twice");
}
