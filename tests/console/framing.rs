//! A page of ours inside a page of another site: nobody can be led to press what they do not see.

use actix_web::web::{Html, get};
use actix_web::{App, HttpServer};
use kairan::console::routes::ROUTES;
use reqwest::Method;
use thirtyfour::By;

use super::emergencies::Night;
use super::walls::path_of;
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::Driver;
use crate::support::database::Engine;

/// The words that stand in the frame.
const WITHIN: &str = "return document.body ? document.body.textContent : ''";

fn framing(path: &str) -> actix_web::Route {
    let page = format!("<!doctype html><title>x</title><iframe src=\"{path}\"></iframe>");
    get().to(move || std::future::ready(Html::new(page.clone())))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_site_shows_our_pages_in_a_frame() {
    let night = Night::begin(Engine::Sqlite).await;
    night.town.resident("花子").await;
    let path = night.concurred().await;
    let send = format!("{path}/send");
    let paths = ["/", "/login", "/policy", "/nowhere", &path, &send].map(str::to_owned);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // Another name, so another site than ours.
    let other = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let (ours, served) = (night.town.origin(), paths.clone());
    let server = HttpServer::new(move || {
        let mut app = App::new()
            .route("/own", framing("/words"))
            .route("/words", get().to(|| async { Html::new("<p>見える") }));
        for path in &served {
            let around = framing(&format!("{ours}{path}"));
            app = app.route(&format!("/around{path}"), around);
        }
        app
    })
    .workers(1)
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    let driver = Driver::start();
    let window = driver.window(1280, 900).await;
    night.chief.opens(&window, "/").await;
    let framed = async |path: &str| {
        window.goto(format!("{other}{path}")).await.unwrap();
        let frame = window.find(By::Css("iframe")).await.unwrap();
        frame.enter_frame().await.unwrap();
        let words = window.execute(WITHIN, vec![]).await.unwrap();
        let words: String = words.convert().unwrap();
        window.enter_default_frame().await.unwrap();
        let log = window.browser_log().await.unwrap();
        let log: Vec<String> = log.into_iter().map(|fault| fault.message).collect();
        (words, log.join("\n"))
    };
    let (words, _) = framed("/own").await;
    assert_eq!(words.trim(), "見える", "frames work as such");
    for path in paths {
        let (words, log) = framed(&format!("/around{path}")).await;
        assert!(!words.contains("汐見市"), "{path} is shown: {words}");
        assert!(log.contains("frame-ancestors"), "{path}: {log}");
    }
    window.quit().await.unwrap();
    handle.stop(false).await;
}

on_both!(
    every_answer_of_the_emergency_path_refuses_to_be_framed,
    |night: Night| {
        night.town.resident("花子").await;
        let path = night.concurred().await;
        let ours = ROUTES.iter().filter(|row| {
            ["/emergencies", "/calls"]
                .iter()
                .any(|of| row.path.starts_with(of))
        });
        let (mut shown, mut deeds) = (Vec::new(), 0);
        for row in ours {
            let of_it = row.path.replacen("/emergencies/{id}", &path, 1);
            let of_it = of_it.replace("{act}", "send");
            let asked =
                path_of(&of_it).replace("/new/018f0000-0000-7000-8000-000000000000", "/new/WATER");
            let method: Method = row.method.as_str().parse().unwrap();
            // Deeds without a form's token, which are refused: what a refusal shows is not framed either.
            deeds += usize::from(!row.method.is_safe());
            let answer = night.chief.request(method, &asked).send().await.unwrap();
            let policy = answer.headers()["content-security-policy"]
                .to_str()
                .unwrap();
            assert!(
                policy.contains("frame-ancestors 'none'"),
                "{asked}: {policy}"
            );
            if answer.status() == 200 {
                shown.push(asked);
            }
        }
        for page in ["", "/send", "/edit"] {
            let page = format!("{path}{page}");
            assert!(shown.contains(&page), "{page} is not among {shown:?}");
        }
        assert!(shown.contains(&"/emergencies/new/WATER".to_owned()));
        assert!(deeds >= 15, "{deeds}");
    }
);
