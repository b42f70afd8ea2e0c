//! Every component of the layout on one page, looked at as any other page is.

use std::net::TcpListener;

use actix_web::web::get;
use actix_web::{App, HttpServer};
use askama::Template;
use kairan::clock::Instant;
use kairan::web::{Choice, Errors, Flash, Frame, MenuItem, Page, Pages, Walls, Who, walls};

use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::town::tuesday;

#[derive(Template)]
#[template(path = "specimen.html")]
struct Specimen {
    frame: Frame,
    errors: Errors,
    choices: Vec<Choice>,
    chosen: Vec<String>,
    pages: Pages,
    at: Instant,
}

async fn specimen() -> Page<Specimen> {
    let mut frame =
        Frame::plain("部品の見本", "汐見市 LINE運用", tuesday()).under("/people", "職員");
    frame.who = Some(Who {
        name: "山田 花子".to_owned(),
        post: "広報課 課長".to_owned(),
    });
    frame.menu = [("/", "ホーム"), ("/people", "職員"), ("/audit", "監査ログ")]
        .map(|(path, label)| MenuItem {
            path,
            label,
            here: path == "/people",
        })
        .to_vec();
    frame.flash = Some(Flash::done("職員を登録しました。"));
    let mut errors = Errors::default();
    errors.add(
        "mail",
        "メールアドレスに「@」がありません。例：hanako@city.shiomi.example",
    );
    Page(Specimen {
        frame,
        errors,
        choices: vec![
            Choice::new("chief", "課長").hint("配信を決裁します。同時に持てるのは一人だけです。"),
            Choice::new("staff", "課員").hint("配信を起案します。"),
        ],
        chosen: vec!["chief".to_owned()],
        pages: Pages::new(2, 120, 50, "/audit?q=%E5%B1%B1"),
        at: tuesday(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_component_is_sound_on_a_phone_and_at_a_desk() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let walls = Walls::new(&origin, 0);
    let server = HttpServer::new(move || {
        App::new().configure(walls::around(walls.clone(), |inside| {
            inside.route("/", get().to(specimen));
        }))
    })
    .workers(1)
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        window.goto(&origin).await.unwrap();
        picture(&window, &format!("components-{width}")).await;
        nothing_is_wrong(&window).await;
        window.quit().await.unwrap();
    }
    handle.stop(false).await;
}
