//! Coming in with a passkey in a real browser, and what every page on the way looks like.

use std::net::TcpListener;

use chrono::TimeDelta;
use kairan::startup::{self, Running};
use secrecy::ExposeSecret;
use thirtyfour::prelude::ElementQueryable;
use thirtyfour::{By, WebDriver};

use super::{PASSWORD, shown};
use crate::support::Begin;
use crate::support::browser::{Driver, FingerprintReader, nothing_is_wrong, picture};
use crate::support::database::Engine;
use crate::support::town::{Town, policy, settings};

/// The product at the address that its passkeys are bound to.
async fn opened(town: &Town) -> Running {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut settings = settings(&town.line, &town.db.url);
    assert!(!settings.database_url.expose_secret().is_empty());
    settings.listen = free;
    settings.public_url = format!("http://localhost:{}", free.port());
    let product = startup::open(&settings, policy(), town.clock.clone(), None);
    product.await.unwrap()
}

struct Window {
    driver: WebDriver,
    origin: String,
    width: u32,
}

impl Window {
    async fn opens(&self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.driver.goto(url).await.unwrap();
    }

    /// Waits for the page called so, looks at it, and keeps a picture.
    async fn shows(&self, title: &str, name: &str) {
        let heading = By::XPath(format!("//h1[.='{title}']"));
        let found = self.driver.query(heading).first().await;
        if found.is_err() {
            panic!(
                "`{title}` does not come: {}",
                self.driver.source().await.unwrap()
            );
        }
        picture(&self.driver, &format!("{name}-{}", self.width)).await;
        nothing_is_wrong(&self.driver).await;
    }

    async fn presses(&self, words: &str) {
        let button = By::XPath(format!("//main//*[self::button or self::a][.='{words}']"));
        let button = self.driver.query(button).first().await.unwrap();
        button.click().await.unwrap();
    }

    async fn types(&self, field: &str, words: &str) {
        let field = self.driver.find(By::Id(field)).await.unwrap();
        field.send_keys(words).await.unwrap();
    }

    async fn leaves(&self) {
        let out = By::Css("form[action='/logout'] button");
        self.driver.find(out).await.unwrap().click().await.unwrap();
        self.shows("サインイン", "left").await;
    }

    async fn text(&self, css: &str) -> String {
        let found = self.driver.query(By::Css(css)).first().await.unwrap();
        found.prop("textContent").await.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passkeys_and_passwords_lead_in_on_a_phone_and_at_a_desk() {
    let town = Town::begin(Engine::Sqlite).await;
    let hall = town.hall().await;
    let product = opened(&town).await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = Window {
            driver: driver.window(width, height).await,
            origin: format!("http://localhost:{}", product.address.port()),
            width,
        };
        let finger = driver.fingerprint_reader(&window.driver).await;
        let drafter = hall.holder(&format!("P-{width}"), hall.pr_staff).await;
        let administrator = hall
            .holder(&format!("A-{width}"), administrators(&hall).await)
            .await;
        by_passkey(&town, &window, &finger, &town.invites(drafter).await).await;
        by_password(
            &town,
            &window,
            &town.invites(administrator).await,
            &format!("A-{width}"),
        )
        .await;
        window.driver.quit().await.unwrap();
    }
}

async fn administrators(hall: &crate::staff::Hall) -> kairan::ids::PostId {
    let roster = hall.roster().await;
    let kind = kairan::staff::people::PostKind::Administrator;
    let post = roster.posts.values().find(|post| post.kind == kind);
    post.unwrap().id
}

/// Invitation, sign-in and step-up with nothing but a finger.
async fn by_passkey(town: &Town, window: &Window, finger: &FingerprintReader, link: &str) {
    window.opens(link).await;
    window.shows("はじめてのサインイン", "invite").await;
    finger.sees(false).await;
    window.presses("パスキーを登録する").await;
    window.shows("パスキーの登録", "passkey-create").await;
    let failed = "//*[@role='status'][contains(., 'もう一度試せます')]";
    window
        .driver
        .query(By::XPath(failed))
        .first()
        .await
        .unwrap();
    picture(&window.driver, &format!("passkey-failed-{}", window.width)).await;
    finger.sees(true).await;
    window.presses("パスキーを作る").await;
    window.shows("ホーム", "after-invite").await;

    window.leaves().await;
    window.presses("パスキーでサインイン").await;
    window.shows("ホーム", "after-passkey").await;

    window.opens("/me").await;
    window.presses("認証アプリを登録する").await;
    window.shows("認証アプリの登録", "codes").await;
    let secret = window.text("code.secret").await.replace(' ', "");
    window.types("code", "000000").await;
    window.presses("登録する").await;
    window.shows("認証アプリの登録", "codes-wrong").await;
    window
        .types("code", &shown(&secret, town.clock.now()))
        .await;
    window.presses("登録する").await;
    window.shows("回復コード", "recovery-codes").await;
    window.presses("保管しました").await;
    window.shows("自分の設定", "me-full").await;
    window.presses("認証アプリを使わない").await;
    // Nothing is asked of the finger before the deed was read and the button pressed.
    window.shows("認証アプリを使わない", "step-up").await;
    window.presses("使わないことにする").await;
    window.shows("自分の設定", "me-after-step-up").await;
    assert!(
        window
            .text(".banner.success")
            .await
            .contains("使わないことにしました")
    );
    window.leaves().await;
}

/// A password, having to enrol an app, and signing in with its code.
async fn by_password(town: &Town, window: &Window, link: &str, number: &str) {
    window.opens(link).await;
    window.types("password", PASSWORD).await;
    window.types("again", "別のもの").await;
    window.presses("パスワードを登録する").await;
    window.shows("はじめてのサインイン", "invite-fault").await;
    window.types("password", PASSWORD).await;
    window.types("again", PASSWORD).await;
    window.presses("パスワードを登録する").await;
    window.shows("もう一段の確認の登録", "enrol").await;
    window.presses("認証アプリを登録する").await;
    window.shows("認証アプリの登録", "enrol-codes").await;
    let secret = window.text("code.secret").await.replace(' ', "");
    window
        .types("code", &shown(&secret, town.clock.now()))
        .await;
    window.presses("登録する").await;
    window.shows("回復コード", "enrol-recovery").await;
    window.presses("保管しました").await;
    window.shows("ホーム", "after-enrol").await;
    window.leaves().await;

    window.types("number", number).await;
    window.types("password", "nobody's password").await;
    window.presses("サインイン").await;
    window.shows("サインイン", "login-fault").await;
    town.later(TimeDelta::minutes(1));
    window.types("password", PASSWORD).await;
    window.presses("サインイン").await;
    window.shows("もう一段の確認", "second").await;
    window
        .types("code", &shown(&secret, town.clock.now()))
        .await;
    window.presses("確かめる").await;
    window.shows("ホーム", "after-second").await;
    window.leaves().await;
}
