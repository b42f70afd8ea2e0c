//! A broadcast in two real browsers, from the first word to the report: a phone drafts, a desk decides.

use thirtyfour::{By, WebDriver};

use super::broadcasts::{Room, TEXT};
use super::live::{reads, until};
use crate::on_both;
use crate::support::browser::{Driver, nothing_is_wrong, picture};

/// Types into a field, as people do.
async fn types(window: &WebDriver, field: &str, words: &str) {
    let field = window.find(By::Css(field)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(words).await.unwrap();
}

/// Sets what people pick from a widget of the browser.
async fn picks(window: &WebDriver, field: &str, value: &str) {
    let set = format!(
        "const field = document.querySelector('{field}'); field.value = '{value}';
         field.dispatchEvent(new Event('input', {{bubbles: true}}))"
    );
    window.execute(set, vec![]).await.unwrap();
}

async fn presses(window: &WebDriver, what: &str) {
    let what = window.find(By::Css(what)).await.unwrap();
    what.scroll_into_view().await.unwrap();
    what.click().await.unwrap();
}

/// Nothing is wrong with the page; and what it looks like.
async fn is_sound(window: &WebDriver, room: &Room, name: &str) {
    nothing_is_wrong(window).await;
    let engine = match room.town.db.is_embedded() {
        true => "sqlite",
        false => "postgres",
    };
    picture(window, &format!("journey-{name}-{engine}")).await;
}

/// Writes it; the preview and the number of readers follow what is typed.
async fn drafts(phone: &WebDriver, room: &Room) {
    room.drafter.opens(phone, "/broadcasts/new").await;
    types(phone, "#title", "親子ひろば").await;
    picks(phone, "#category", "event").await;
    types(phone, "#block-0-text", TEXT).await;
    types(phone, "#audience", "everyone").await;
    picks(phone, "[name=until-date]", "2026-11-25").await;
    picks(phone, "[name=until-time]", "18:00").await;
    until(phone, &reads("#preview", "中央公民館で開きます")).await;
    until(phone, &reads("#heads", "届くのは10人未満です")).await;
    is_sound(phone, room, "draft").await;
    presses(phone, "button.primary[value=check]").await;
    until(phone, "location.pathname.endsWith('/check')").await;
}

async fn vouches(phone: &WebDriver, room: &Room) {
    for (question, answer) in [("source", "yes"), ("undecided", "no"), ("clear", "yes")] {
        let radio = format!("label:has([name=question-{question}][value={answer}])");
        presses(phone, &radio).await;
    }
    is_sound(phone, room, "check").await;
    presses(phone, "button[value=submit]").await;
    until(phone, &reads("main", "決裁待ち")).await;
}

async fn decides(desk: &WebDriver, room: &Room) {
    room.reader.opens(desk, "/").await;
    let waits = desk.find(By::PartialLinkText("「親子ひろば」の決裁"));
    waits.await.unwrap().click().await.unwrap();
    until(desk, &reads("main", "認める")).await;
    is_sound(desk, room, "decide").await;
    presses(desk, "button[value=agree]").await;
    until(desk, "!document.querySelector('button[value=agree]')").await;
}

on_both!(
    a_broadcast_goes_from_draft_to_report_in_two_browsers,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        let driver = Driver::start();
        let phone = driver.window(390, 844).await;
        let desk = driver.window(1280, 900).await;
        drafts(&phone, &room).await;
        vouches(&phone, &room).await;
        assert_eq!(
            phone
                .find_all(By::Css("button[value=agree]"))
                .await
                .unwrap()
                .len(),
            0,
            "who wrote it does not decide"
        );
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 0);
        decides(&desk, &room).await;
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 1);
        phone.refresh().await.unwrap();
        until(&phone, &reads("main", "配信済")).await;
        presses(&phone, "a[href$='/report']").await;
        until(&phone, "location.pathname.endsWith('/report')").await;
        until(&phone, &reads("main", "LINEが受け付けた")).await;
        is_sound(&phone, &room, "report").await;
        for window in [phone, desk] {
            window.quit().await.unwrap();
        }
    }
);
