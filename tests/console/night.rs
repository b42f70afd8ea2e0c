//! The night path in two real browsers, each with a fingerprint reader: from the draft to the report, with a stop,
//! a resumption and a correction on the way.

use std::net::TcpListener;

use kairan::ids::PersonId;
use kairan::mode::Mode;
use kairan::startup::{self, Running};
use thirtyfour::prelude::ElementQueryable;
use thirtyfour::{By, WebDriver};

use super::emergencies::{Night, enrolled_in_person};
use super::live::{reads, until};
use crate::on_both;
use crate::support::browser::{Driver, FingerprintReader, nothing_is_wrong, picture};
use crate::support::town::{policy_but, settings};

/// The product at the address that its passkeys are bound to.
pub async fn opened(night: &Night, mode: Mode) -> Running {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut settings = settings(&night.town.line, &night.town.db.url);
    settings.mode = mode;
    settings.listen = free;
    settings.public_url = format!("http://localhost:{}", free.port());
    let policy = policy_but("live = false", "live = true");
    let product = startup::open(&settings, policy, night.town.clock.clone(), None);
    product.await.unwrap()
}

/// A browser with a fingerprint reader.
pub struct Phone {
    pub window: WebDriver,
    origin: String,
    name: &'static str,
    width: u32,
    /// What the reader sees; kept as long as the telephone.
    _finger: FingerprintReader,
}

impl Phone {
    /// Invited anew: the passkey is of this very telephone, enrolled in person.
    pub async fn of(
        night: &Night,
        driver: &Driver,
        product: &Running,
        person: PersonId,
        looks: (&'static str, u32, u32),
    ) -> Self {
        let origin = format!("http://localhost:{}", product.address.port());
        let phone = Self::at(origin, driver, looks).await;
        phone.enrols(&night.town.invites(person).await).await;
        enrolled_in_person(&night.town, person).await;
        phone
    }

    pub async fn at(
        origin: String,
        driver: &Driver,
        (name, width, height): (&'static str, u32, u32),
    ) -> Self {
        let window = driver.window(width, height).await;
        let finger = driver.fingerprint_reader(&window).await;
        if width < 500 {
            // As whoever is woken has it.
            let dark = serde_json::json!({"features":
                [{"name": "prefers-color-scheme", "value": "dark"}]});
            let cdp = window.cdp();
            let set = cdp.send_raw("Emulation.setEmulatedMedia", dark).await;
            set.unwrap();
        }
        Self {
            origin,
            window,
            name,
            width,
            _finger: finger,
        }
    }

    /// Becomes that of whom the link is for, who is then signed in.
    pub async fn enrols(&self, link: &str) {
        self.opens(link).await;
        self.presses("パスキーを登録する").await;
        // The browser asks for the finger by itself.
        until(&self.window, "location.pathname === '/'").await;
    }

    pub async fn opens(&self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.window.goto(url).await.unwrap();
    }

    pub async fn presses(&self, words: &str) {
        let button = By::XPath(format!(
            "//*[self::button or self::a][starts-with(normalize-space(.), '{words}')]"
        ));
        let button = self.window.query(button).and_displayed().first().await;
        let button = button.unwrap_or_else(|_| panic!("{}: no button {words}", self.name));
        button.scroll_into_view().await.unwrap();
        button.click().await.unwrap();
    }

    pub async fn ticks(&self, name: &str, value: &str) {
        let tile = By::Css(format!("label:has([name='{name}'][value='{value}'])"));
        let tile = self.window.find(tile).await.unwrap();
        tile.scroll_into_view().await.unwrap();
        tile.click().await.unwrap();
    }

    pub async fn types(&self, field: &str, words: &str) {
        let set = format!(
            "const field = document.querySelector('[name=\"{field}\"]'); field.value = '{words}';
             field.dispatchEvent(new Event('input', {{bubbles: true}}))"
        );
        self.window.execute(set, vec![]).await.unwrap();
    }

    /// Of a burst main, for the whole town; what residents will read is then beside it.
    pub async fn fills_in_water(&self) {
        self.reads("だれに").await;
        self.ticks("field-state", "out").await;
        self.types("field-since", "2026-11-25T20:30").await;
        self.ticks("field-cause", "unknown").await;
        self.types("field-phone", "0000-00-1111").await;
        self.ticks("reach", "town").await;
        until(&self.window, &reads("#preview", "きれいな容器")).await;
    }

    pub async fn reads(&self, words: &str) {
        // Between two pages there is none.
        let so = format!("!!document.querySelector('main')?.textContent.includes('{words}')");
        until(&self.window, &so).await;
    }

    /// Nothing is wrong with what is seen; and what it looks like.
    pub async fn looks(&self, night: &Night, page: &str) {
        nothing_is_wrong(&self.window).await;
        let engine = match night.town.db.is_embedded() {
            true => "sqlite",
            false => "postgres",
        };
        picture(
            &self.window,
            &format!("night-{page}-{}-{engine}", self.width),
        )
        .await;
    }

    /// The way on is within reach without scrolling, and large enough for a cold thumb.
    pub async fn is_in_reach(&self, words: &str) {
        let height: f64 = match self.width {
            390 => 844.0,
            _ => 900.0,
        };
        let button = By::XPath(format!(
            "//main//*[self::button or self::a][starts-with(normalize-space(.), '{words}')]"
        ));
        let button = self
            .window
            .query(button)
            .and_displayed()
            .first()
            .await
            .unwrap();
        self.window.execute("scrollTo(0, 0)", vec![]).await.unwrap();
        let place = button.rect().await.unwrap();
        assert!(
            place.y + place.height <= height,
            "{words} is below the screen: {place:?}"
        );
        assert!(place.height >= 48.0, "{words} is small: {place:?}");
        assert!(
            self.width > 390 || place.width >= 300.0,
            "{words} is narrow: {place:?}"
        );
    }
}

on_both!(the_night_path_in_two_browsers, |night: Night| {
    let hanako = night.town.resident("花子").await;
    let product = opened(&night, Mode::Live).await;
    let driver = Driver::start();
    let person = night.chief.person;
    let chief = Phone::of(&night, &driver, &product, person, ("chief", 390, 844)).await;
    let person = night.other.person;
    let other = Phone::of(&night, &driver, &product, person, ("other", 1280, 900)).await;

    chief.opens("/").await;
    chief.looks(&night, "home").await;
    chief.presses("緊急配信を始める").await;
    chief.reads("何を知らせますか").await;
    chief.looks(&night, "choose").await;
    chief.presses("断水・濁り水").await;
    chief.fills_in_water().await;
    until(&chief.window, &reads("#heads", "10人未満")).await;
    chief.looks(&night, "edit").await;
    chief.presses("保存して確かめる").await;
    chief.reads("協議に出す").await;
    chief.is_in_reach("協議に出す").await;
    chief.looks(&night, "draft").await;
    chief.presses("協議に出す").await;
    chief.reads("照合番号").await;
    chief.looks(&night, "waits").await;

    other.opens("/").await;
    other.looks(&night, "home-waits").await;
    other.presses("開く").await;
    other.reads("同意する").await;
    other.is_in_reach("同意する").await;
    other.looks(&night, "decide").await;
    for phone in [&chief, &other] {
        let digits = phone.window.find(By::Css(".digits")).await.unwrap();
        let digits = digits.text().await.unwrap().replace(' ', "");
        let path = phone.window.current_url().await.unwrap();
        let number = night.find(path.path()).await.head.number().unwrap();
        assert_eq!(digits, number, "{}", phone.name);
    }
    other.presses("同意する").await;
    other.reads("同意しました").await;
    other.looks(&night, "agreed").await;

    // The other page follows by itself.
    chief.reads("同意がそろいました").await;
    chief.is_in_reach("配信へ進む").await;
    chief.looks(&night, "concurred").await;
    chief.presses("配信へ進む").await;
    chief.reads("本番：1人に配信").await;
    chief.is_in_reach("本番：1人に配信").await;
    chief.looks(&night, "send").await;
    chief.types("people", "1").await;
    chief.presses("本番：1人に配信").await;
    chief.reads("配信しています").await;
    chief.is_in_reach("配信を止める").await;
    chief.looks(&night, "dispatching").await;

    other.presses("配信を止める").await;
    other.presses("続ける").await;
    other.presses("配信を止める").await;
    other.looks(&night, "really-stop").await;
    other.presses("止める").await;
    other.reads("止まっています").await;
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 0);
    other.looks(&night, "halted").await;
    other.presses("再開に同意する").await;
    other.reads("これから送る人 1人").await;
    other.looks(&night, "resume-concur").await;
    other.presses("再開に同意する").await;
    other.reads("再開に同意しました").await;
    chief.presses("再開する").await;
    chief.reads("まだ送っていない分だけを送ります").await;
    chief.presses("再開する").await;
    chief.reads("配信を再開しました").await;
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 1);
    chief.reads("配信が終わりました").await;
    chief.looks(&night, "sent").await;

    chief.presses("誤りを訂正する").await;
    chief.looks(&night, "correct-choose").await;
    chief.presses("誤配信の取消").await;
    chief.reads("起きていないこと").await;
    chief.types("field-fact", "断水").await;
    chief.ticks("field-evacuation", "unconcerned").await;
    chief.ticks("field-cause", "input").await;
    chief.looks(&night, "correct").await;
    chief.presses("訂正の文面を見る").await;
    chief.reads("協議に出す").await;
    chief.presses("協議に出す").await;
    chief.reads("照合番号").await;
    chief.looks(&night, "correction").await;
    let fix = chief.window.current_url().await.unwrap().path().to_owned();
    other.opens(&fix).await;
    other.presses("同意する").await;
    other.reads("同意しました").await;
    chief.presses("配信へ進む").await;
    chief.types("people", "1").await;
    chief.presses("本番：1人に配信").await;
    chief.reads("配信しています").await;
    night.arrives().await;
    assert_eq!(night.told(&hanako, "先ほどの配信は誤り"), 1);

    chief.opens(&format!("{fix}/report")).await;
    chief
        .types("words", "入力の誤りを、8分で訂正しました。")
        .await;
    chief.looks(&night, "report-file").await;
    chief.presses("報告書を出す").await;
    chief.reads("確認（後閲）を待っています").await;
    other.opens(&format!("{fix}/report")).await;
    other.looks(&night, "report-confirm").await;
    other.presses("読んで確認した").await;
    other.reads("報告済").await;
    other.looks(&night, "report").await;

    for (page, name) in [
        ("/emergencies", "list"),
        ("/emergencies/readiness", "readiness"),
        ("/emergencies/agreement", "agreement"),
    ] {
        for phone in [&chief, &other] {
            phone.opens(page).await;
            phone.looks(&night, name).await;
        }
    }
    for phone in [chief, other] {
        phone.window.quit().await.unwrap();
    }
});
