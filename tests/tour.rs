//! The newcomer's tour: the README's first command as it is, and its phone page in a real browser.
//!
//! `KAIRAN_SCREENSHOTS=docs/images cargo test --test stories tour` also takes the README's pictures.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use thirtyfour::prelude::*;

use crate::console::night::Phone as Telephone;
use crate::support::browser::{Driver, Program};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_registers_asks_looks_and_erases_in_a_real_browser() {
    let files = tempfile::tempdir().unwrap();
    let (_demo, address) = Program::start(
        Command::new(env!("CARGO_BIN_EXE_kairan"))
            .args(["demo", "--listen", "127.0.0.1:0", "--phone", "127.0.0.1:0"])
            .env("TMPDIR", files.path()),
        |line| {
            let found = line.split_whitespace().last()?;
            found.contains("/phone/").then(|| found.to_owned())
        },
    );
    let driver = Driver::start();
    let window = driver.window(390, 844).await;
    // On a task of its own, so that the window closes also after a failure.
    let told = tokio::spawn(tour(Phone::open(&window, &address).await)).await;
    window.quit().await.unwrap();
    told.unwrap_or_else(|failure| std::panic::resume_unwind(failure.into_panic()));

    let desk = driver.window(1280, 900).await;
    let told = tokio::spawn(at_a_desk(Phone::open(&desk, &address).await)).await;
    desk.quit().await.unwrap();
    told.unwrap_or_else(|failure| std::panic::resume_unwind(failure.into_panic()));
}

/// What the demo prints: where the phone is, and the two chiefs' links.
#[derive(Default)]
struct Printed {
    phone: String,
    chiefs: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_plays_the_night_in_two_browsers() {
    let files = tempfile::tempdir().unwrap();
    let printed = RefCell::new(Printed::default());
    let at = ["--at", "2026-11-21T23:40+09:00"];
    let (_demo, printed) = Program::start(
        Command::new(env!("CARGO_BIN_EXE_kairan"))
            .args(["demo", "--listen", "127.0.0.1:0", "--phone", "127.0.0.1:0"])
            .args(at)
            .env("TMPDIR", files.path()),
        |line| {
            let mut printed = printed.borrow_mut();
            match line.split_whitespace().last()? {
                phone if phone.contains("/phone/") => phone.clone_into(&mut printed.phone),
                link if link.contains("/invite/") => printed.chiefs.push(link.to_owned()),
                _ => {}
            }
            (printed.chiefs.len() == 2).then(|| std::mem::take(&mut *printed))
        },
    );
    let driver = Driver::start();
    let window = driver.window(390, 844).await;
    let mut resident = Phone::open(&window, &printed.phone).await;
    resident.tap("友だち追加").await;
    resident.see("友だち追加ありがとうございます").await;
    resident.answered = resident.bubbles().await;

    let telephone = async |name, link: &str| {
        let (origin, token) = link.split_once("/invite/").unwrap();
        let telephone = Telephone::at(origin.to_owned(), &driver, (name, 390, 844)).await;
        telephone.enrols(&format!("/invite/{token}")).await;
        telephone
    };
    let other = telephone("1001", &printed.chiefs[0]).await;
    let chief = telephone("6001", &printed.chiefs[1]).await;
    chief.presses("緊急配信を始める").await;
    chief.presses("断水・濁り水").await;
    chief.reads("だれに").await;
    chief.ticks("field-state", "out").await;
    chief.types("field-since", "2026-11-21T23:30").await;
    chief.ticks("field-cause", "unknown").await;
    chief.types("field-phone", "0000-00-1111").await;
    chief.ticks("reach", "town").await;
    chief.presses("保存して確かめる").await;
    chief.presses("協議に出す").await;
    chief.reads("照合番号").await;
    other.opens("/").await;
    other.presses("開く").await;
    other.presses("同意する").await;
    other.reads("同意しました").await;
    chief.reads("同意がそろいました").await;
    chief.presses("配信へ進む").await;
    chief.types("people", "1").await;
    chief.presses("本番：1人に配信").await;
    resident.see("断水").await;
    chief.reads("配信が終わりました").await;
    for window in [window, other.window, chief.window] {
        window.quit().await.unwrap();
    }
}

async fn tour(mut phone: Phone) {
    phone.tap("友だち追加").await;
    phone.see("友だち追加ありがとうございます").await;
    phone.see("どれも答えなくてかまいません").await;
    phone.picture("greeting").await;

    phone.tap("同意して登録する").await;
    phone.see("お住まいの地域を選んでください").await;
    phone.tap("本町地区").await;
    phone.see("「本町地区」の中から選んでください").await;
    phone.tap("本町2丁目").await;
    phone.see("いつ届くとよいですか").await;
    // The menu has followed, and its tabs switch without a word.
    for (tab, cell) in [
        ("子育て", "予防接種"),
        ("防災", "災害用伝言板"),
        ("暮らし", "今日のごみ"),
    ] {
        phone.tap(tab).await;
        phone
            .find(&format!("{MENU}//button[@aria-label='{cell}']"))
            .await;
        phone.picture(&format!("menu-{tab}")).await;
    }
    phone.tap("前の日の 19:00").await;
    phone.see("受け取りたい分野を選んでください").await;
    phone.tap("妊娠・子育て").await;
    phone.see("選んだ分野：妊娠・子育て").await;
    phone.tap("これで決める").await;
    phone.see("お子さんはいらっしゃいますか").await;
    phone.pick("生まれた月を追加", "2025-05-17").await;
    phone.see("「2025年5月生まれ」を登録しました").await;
    phone.tap("これで全部").await;
    phone.see("登録が終わりました").await;
    phone.see("2025年5月生まれ").await;
    phone.picture("registration").await;
    // She told of a child: her menu is the parents' one.
    phone.tap("明日のごみ").await;
    phone.see("明日").await;
    phone
        .find(&format!("{MENU}//button[@aria-label='乳幼児健診']"))
        .await;

    phone.say("明日のごみは？").await;
    phone.see("明日").await;
    phone.say("ペットボトル").await;
    phone.see("ペットボトルの次の収集日は").await;
    phone.picture("garbage").await;
    phone.say("古い布団").await;
    phone.see("「布団」は「粗大ごみ」です").await;
    phone.say("住民票がほしい").await;
    phone.see("住民票の写しは").await;
    phone.say("防災").await;
    phone.see("【防災】").await;
    phone.send_place("位置情報を送る").await;
    phone.see("どの災害から避難しますか").await;
    phone.tap("地震").await;
    phone.see("汐見市役所前広場").await;

    phone.say("わたしの登録").await;
    phone.see("前の日の 19:00").await;
    phone.tap("お住まいの地区を変える").await;
    phone.see("お住まいの地域を選んでください").await;
    phone.say("しおはま").await;
    phone.see("「しおはま」に合う地区が1件").await;
    phone.tap("塩浜町").await;
    phone.see("港地区/塩浜町").await;
    phone.say("English").await;
    phone.see("We will answer in English").await;
    phone.say("garbage tomorrow").await;
    phone.see("Tomorrow, ").await;
    phone.say("日本語").await;
    phone.see("日本語でお返事します").await;

    phone.tap("すべて消す").await;
    phone.see("よろしいですか").await;
    phone.tap("すべて消す").await;
    phone.see("あなたについての情報は残っていません").await;
    phone.say("わたしの登録").await;
    phone.see("まだ登録していません").await;
    phone.has_no_faults().await;
}

/// The same chat at a desk: the phone stands in the middle, and everything is there again.
async fn at_a_desk(mut phone: Phone) {
    phone.already("あなたについての情報は残っていません").await;
    phone.say("大手町の明日のごみは？").await;
    phone.see("本町地区/大手町").await;
    phone.has_no_faults().await;
}

/// The phone page, as somebody at it uses it. What is looked for is waited for, ten seconds at most.
struct Phone {
    window: WebDriver,
    /// Bubbles from the town when something was last done: an answer comes after them.
    answered: usize,
}

const BUBBLES: &str = "//div[@id='messages']/div[contains(@class,'bot')][not(@id='loading')]";

const MENU: &str = "//section[@id='menu']";

impl Phone {
    async fn open(window: &WebDriver, address: &str) -> Self {
        window.goto(address).await.unwrap();
        Self {
            window: window.clone(),
            answered: 0,
        }
    }

    /// Taps the last thing on the screen that reads so: a quick reply, a button, a part of a card.
    async fn tap(&mut self, label: &str) {
        self.answered = self.bubbles().await;
        let tappable = "//*[self::button or @role='button'][not(ancestor::dialog)]";
        let button = self
            .find(&format!(
                "({tappable}[normalize-space(.) = '{label}' or @aria-label = '{label}'])[last()]"
            ))
            .await;
        button.click().await.unwrap();
    }

    /// Opens a date picker, picks, and sends.
    async fn pick(&mut self, label: &str, date: &str) {
        self.tap(label).await;
        // Typing into a date field depends on the machine's language; its value does not.
        let set = "document.getElementById('picked').value = arguments[0]";
        self.window
            .execute(set, vec![serde_json::json!(date)])
            .await
            .unwrap();
        self.find("//dialog[@id='picker']//button[@value='send']")
            .await
            .click()
            .await
            .unwrap();
    }

    /// Sends the place the phone is at, which the page has filled in.
    async fn send_place(&mut self, label: &str) {
        self.tap(label).await;
        self.find("//dialog[@id='placer']//button[@value='send']")
            .await
            .click()
            .await
            .unwrap();
    }

    /// Types, and sends with the Enter key; where the menu lies over the keyboard, that comes first.
    async fn say(&mut self, words: &str) {
        self.answered = self.bubbles().await;
        let keyboard = By::XPath("//button[@id='toggle'][@aria-label='キーボードを表示']");
        for toggle in self.window.find_all(keyboard).await.unwrap() {
            if toggle.is_displayed().await.unwrap() {
                toggle.click().await.unwrap();
            }
        }
        let field = self.find("//textarea[@id='text']").await;
        field.send_keys(words).await.unwrap();
        field.send_keys(Key::Enter).await.unwrap();
    }

    /// Waits for a new bubble from the town that holds the words.
    async fn see(&self, words: &str) {
        self.find(&format!(
            "{BUBBLES}[position() > {}][contains(., '{words}')]",
            self.answered
        ))
        .await;
    }

    /// Waits for a bubble that was there before.
    async fn already(&self, words: &str) {
        self.find(&format!("{BUBBLES}[contains(., '{words}')]"))
            .await;
    }

    /// Nothing on the page failed: no error in its console, no request refused.
    async fn has_no_faults(&self) {
        let faults: Vec<String> = self
            .window
            .browser_log()
            .await
            .unwrap()
            .into_iter()
            .map(|fault| fault.message)
            .collect();
        assert_eq!(faults, [""; 0], "the browser's console");
    }

    /// Keeps what is on the screen, when pictures are asked for.
    async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("KAIRAN_SCREENSHOTS") else {
            return;
        };
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        self.window
            .screenshot(&folder.join(format!("{name}.png")))
            .await
            .unwrap();
    }

    async fn bubbles(&self) -> usize {
        self.window
            .find_all(By::XPath(BUBBLES))
            .await
            .unwrap()
            .len()
    }

    async fn find(&self, path: &str) -> WebElement {
        let found = self
            .window
            .query(By::XPath(path))
            .wait(Duration::from_secs(10), Duration::from_millis(30))
            .and_displayed()
            .first()
            .await;
        match found {
            Ok(element) => element,
            Err(_) => panic!(
                "the page does not show\n  {path}\nbut\n{}",
                self.screen().await
            ),
        }
    }

    async fn screen(&self) -> String {
        let body = self.window.find(By::Tag("main")).await.unwrap();
        let words = body.text().await.unwrap();
        let lines: Vec<&str> = words.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}
