//! A real Chromium, driven through its chromedriver, and programs that end with the story that started
//! them, however that ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
    WebDriver,
};

/// A program of ours, told to end when dropped.
pub struct Program(Child);

impl Program {
    /// Starts it and reads what it prints until a line satisfies `found`; the rest is read and dropped.
    pub fn start<T>(command: &mut Command, found: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let program = Self(child);
        let answer = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| found(&line))
            .unwrap_or_else(|| panic!("{command:?} ended before it was ready"));
        std::thread::spawn(move || lines.for_each(drop));
        (program, answer)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let id = self.0.id().to_string();
        // Asked politely, so that it can remove its files.
        if Command::new("kill").arg(&id).status().is_err() {
            drop(self.0.kill());
        }
        drop(self.0.wait());
    }
}

/// A running chromedriver.
pub struct Driver {
    address: String,
    _program: Program,
}

impl Driver {
    /// Starts one on a free port, installing what is missing.
    pub fn start() -> Self {
        for (program, package) in [
            ("/usr/bin/chromium", "chromium"),
            ("/usr/bin/chromedriver", "chromium-driver"),
        ] {
            if !Path::new(program).exists() {
                super::install(package);
            }
        }
        let mut command = Command::new("/usr/bin/chromedriver");
        let (program, port) = Program::start(command.arg("--port=0"), |line| {
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // The driver's client is built without a TLS provider of its own.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            address: format!("http://127.0.0.1:{port}"),
            _program: program,
        }
    }

    /// A window on a Japanese machine: a phone's up to 500 points wide, else a desk's.
    pub async fn window(&self, width: u32, height: u32) -> WebDriver {
        let mut wishes: ChromeCapabilities = DesiredCapabilities::chrome();
        wishes.set_binary("/usr/bin/chromium").unwrap();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=ja",
            "--hide-scrollbars",
        ] {
            wishes.add_arg(flag).unwrap();
        }
        wishes
            .add_arg(&format!("--window-size={width},{height}"))
            .unwrap();
        if width <= 500 {
            let screen = serde_json::json!({"deviceMetrics":
                {"width": width, "height": height, "pixelRatio": 1.5, "touch": false}});
            wishes
                .add_experimental_option("mobileEmulation", screen)
                .unwrap();
        }
        wishes
            .set_browser_log_level(LoggingPrefsLogLevel::Severe)
            .unwrap();
        WebDriver::new(&self.address, wishes)
            .await
            .unwrap_or_else(|e| panic!("Chromium does not start: {e}"))
    }
}

/// A phone's fingerprint reader, beside a window; it may be told whose finger it sees.
/// <https://www.w3.org/TR/webauthn-3/#sctn-automation>
pub struct FingerprintReader {
    path: String,
}

impl Driver {
    /// A fingerprint reader beside this window.
    pub async fn fingerprint_reader(&self, window: &WebDriver) -> FingerprintReader {
        let session = window.session_id();
        let path = format!("{}/session/{session}/webauthn/authenticator", self.address);
        let kind = serde_json::json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "isUserConsenting": true,
        });
        let made = send(&path, &kind).await;
        let id = made["value"].as_str().unwrap().to_owned();
        FingerprintReader {
            path: format!("{path}/{id}"),
        }
    }
}

impl FingerprintReader {
    /// From now on it sees the right finger, or another.
    pub async fn sees(&self, right: bool) {
        let seen = serde_json::json!({"isUserVerified": right});
        send(&format!("{}/uv", self.path), &seen).await;
    }
}

async fn send(path: &str, words: &serde_json::Value) -> serde_json::Value {
    let answer = super::console::client().post(path).json(words).send();
    let answer = answer.await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap()
}

/// What axe-core finds serious or critical on the page that is open, one line each.
/// <https://github.com/dequelabs/axe-core>
pub async fn axe(window: &WebDriver) -> Vec<String> {
    const AXE: &str = include_str!("../fixtures/axe/axe.min.js");
    const RUN: &str = "const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(
            found => done(found.violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
                .flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.html}: ${n.failureSummary}`))),
            fault => done([`axe did not run: ${fault}`]));";
    window.execute(AXE, vec![]).await.unwrap();
    let found = window.execute_async(RUN, vec![]).await.unwrap();
    found.convert().unwrap()
}

/// Nothing on the page failed: no error in its console, no request refused, nothing serious for axe.
pub async fn nothing_is_wrong(window: &WebDriver) {
    let here = window.current_url().await.unwrap();
    let log = window.browser_log().await.unwrap();
    let log: Vec<String> = log.into_iter().map(|fault| fault.message).collect();
    assert_eq!(log, [""; 0], "the browser's console at {here}");
    assert_eq!(axe(window).await, [""; 0], "axe at {here}");
    let wider =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let wider: i64 = window
        .execute(wider, vec![])
        .await
        .unwrap()
        .convert()
        .unwrap();
    assert_eq!(wider, 0, "{here} is wider than its window");
}

/// Keeps the whole page as `NAME.png` in the folder `KAIRAN_SCREENSHOTS`, when that is set.
pub async fn picture(window: &WebDriver, name: &str) {
    let Some(folder) = std::env::var_os("KAIRAN_SCREENSHOTS") else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let whole = serde_json::json!({"format": "png", "captureBeyondViewport": true});
    let picture = window
        .cdp()
        .send_raw("Page.captureScreenshot", whole)
        .await
        .unwrap();
    let png = base64::engine::general_purpose::STANDARD
        .decode(picture["data"].as_str().unwrap())
        .unwrap();
    std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
}
