//! A page of ours inside a page of another site: nobody can be led to press what they do not see.

use actix_web::web::{Html, get};
use actix_web::{App, HttpServer};
use thirtyfour::By;

use crate::support::Begin;
use crate::support::browser::Driver;
use crate::support::database::Engine;
use crate::support::town::Town;

/// The words that stand in the frame.
const WITHIN: &str = "return document.body ? document.body.textContent : ''";
const PATHS: [&str; 4] = ["/", "/login", "/policy", "/nowhere"];

fn framing(path: &str) -> actix_web::Route {
    let page = format!("<!doctype html><title>x</title><iframe src=\"{path}\"></iframe>");
    get().to(move || std::future::ready(Html::new(page.clone())))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_site_shows_our_pages_in_a_frame() {
    let town = Town::begin(Engine::Sqlite).await;
    let staff = town.staff().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // Another name, so another site than ours.
    let other = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let ours = town.origin();
    let server = HttpServer::new(move || {
        let mut app = App::new()
            .route("/own", framing("/words"))
            .route("/words", get().to(|| async { Html::new("<p>見える") }));
        for path in PATHS {
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
    staff.opens(&window, "/").await;
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
    for path in PATHS {
        let (words, log) = framed(&format!("/around{path}")).await;
        assert!(!words.contains("汐見市"), "{path} is shown: {words}");
        assert!(log.contains("frame-ancestors"), "{path}: {log}");
    }
    window.quit().await.unwrap();
    handle.stop(false).await;
}
