//! Every component of the layout on one page, looked at as any other page is.

use std::net::TcpListener;

use actix_web::web::get;
use actix_web::{App, HttpServer};
use askama::Template;
use kairan::clock::Instant;
use kairan::line::message::flex::{
    Align, Bubble, ButtonStyle, Color, FlexBox, FlexButton, FlexText, Separator, Size, Spacing,
};
use kairan::line::message::{Action, Buttons, Message, MessageError, QuickReplies};
use kairan::mode::Mode;
use kairan::web::{
    Chart, Choice, Errors, Flash, Frame, MenuItem, Page, Pages, Preview, Walls, Who, walls,
};

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
    chart: Chart,
    preview: Preview,
}

/// One of each kind of bubble.
fn messages() -> Result<Vec<Message>, MessageError> {
    let days = FlexBox::vertical(vec![
        FlexText::new("あした 11月25日（水）")?
            .bold()
            .size(Size::Lg)
            .into(),
        FlexBox::horizontal(vec![
            FlexText::new("もえるごみ")?
                .bold()
                .color(Color::rgb(0xC0_39_2B))
                .flex(2)
                .into(),
            FlexText::new("朝8時まで")?
                .size(Size::Sm)
                .align(Align::End)
                .into(),
        ])
        .margin(Spacing::Md)
        .into(),
        Separator {
            margin: Some(Spacing::Lg),
            color: None,
        }
        .into(),
        FlexText::new("袋の口をしばって、集積所に出してください。")?
            .size(Size::Sm)
            .margin(Spacing::Lg)
            .into(),
    ]);
    let more = FlexButton::new(Action::message("分別を調べる", "分別を調べる")?)?;
    let footer = FlexBox::vertical(vec![more.style(ButtonStyle::Primary).small().into()]);
    let ask = Buttons::new(
        "どのようなご用ですか。",
        vec![
            Action::message("ごみの日", "ごみの日")?,
            Action::message("子育て", "子育て")?,
        ],
    )?;
    let replies = QuickReplies::new(vec![
        Action::message("ほかの地区", "ほかの地区")?,
        Action::message("やめる", "やめる")?,
    ])?;
    Ok(vec![
        Message::text("こんばんは。あしたは、もえるごみの日です。\n本町2丁目")?,
        Message::flex(
            "あしたはもえるごみの日です",
            Bubble::new(days).footer(footer),
        )?,
        Message::image(
            "https://www.city.shiomi.example/a.png",
            "https://www.city.shiomi.example/b.png",
        )?,
        Message::template("どのようなご用ですか。", ask.title("ご案内")?)?.quick_replies(replies),
    ])
}

async fn specimen() -> Page<Specimen> {
    let mut frame = Frame::plain("部品の見本", "汐見市 LINE運用", Mode::Live, tuesday())
        .under("/people", "職員");
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
    let growth: Vec<(String, u64)> = (1..=12)
        .map(|month| (format!("{month}月"), 17_200 + month * month * 43))
        .collect();
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
        chart: Chart::columns("友だちの数", "月", "人", &growth),
        preview: Preview::new("汐見市公式", &messages().unwrap(), "19:00"),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_component_is_sound_on_a_phone_and_at_a_desk() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let walls = Walls::new("汐見市 LINE運用", Mode::Live, &origin, 0);
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
