//! A window of a real Chromium in which nothing foreign may happen.

use serde::Deserialize;
use thirtyfour::WebDriver;

use crate::support::browser::Driver;

const LOOK: &str = include_str!("look.js");
const FILL: &str = include_str!("fill.js");
/// Runs before anything of the page, beyond the reach of its policy.
const LISTEN: &str = "window.refused = []; addEventListener('securitypolicyviolation', event =>
    refused.push(`${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`));";
/// How often a page is asked whether it has come, before it never will.
const PATIENCE: usize = 2000;

pub struct Window {
    pub browser: WebDriver,
    pub origin: String,
}

/// What stands on a page.
#[derive(Debug, Deserialize)]
pub struct Looked {
    /// A script of ours set its mark.
    ran: bool,
    /// What the content security policy had to refuse.
    refused: Vec<String>,
    /// Elements that no page of ours has.
    planted: Vec<String>,
    /// Everything that can be read, in fields too.
    pub text: String,
    pub forms: Vec<Form>,
    pub links: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub files: bool,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub value: String,
    pub choices: Vec<String>,
}

impl Field {
    pub fn takes_words(&self) -> bool {
        let kinds = ["text", "search", "textarea", "email", "url", "tel"];
        kinds.contains(&self.kind.as_str())
    }
}

impl Form {
    pub fn takes_words(&self) -> bool {
        self.fields.iter().any(Field::takes_words)
    }
}

impl Looked {
    /// What happened that must not.
    pub fn harm(&self) -> Vec<String> {
        let ran = self.ran.then(|| "a script ran".to_owned());
        let planted = self.planted.iter().map(|html| format!("planted: {html}"));
        let refused = self.refused.iter().cloned();
        ran.into_iter().chain(planted).chain(refused).collect()
    }
}

impl Window {
    pub async fn open(driver: &Driver, origin: &str) -> Self {
        let browser = driver.window(1280, 900).await;
        let listen = serde_json::json!({ "source": LISTEN });
        let told = browser.cdp();
        let told = told.send_raw("Page.addScriptToEvaluateOnNewDocument", listen);
        told.await.unwrap();
        Self {
            browser,
            origin: origin.to_owned(),
        }
    }

    /// Opens a page and looks at it, whatever is there.
    pub async fn look(&self, path: &str) -> Looked {
        let address = format!("{}{path}", self.origin);
        self.browser.goto(&address).await.unwrap();
        self.looked().await
    }

    async fn looked(&self) -> Looked {
        let looked = self.browser.execute(LOOK, vec![]).await.unwrap();
        looked.convert().unwrap()
    }

    /// Opens a page, on which nothing may happen.
    pub async fn visit(&self, path: &str) -> Looked {
        sound(self.look(path).await, path)
    }

    /// Fills and sends a form of the page that is open, if it is there, and looks at what comes back.
    pub async fn send(&self, form: &Form, words: &str, every: bool) {
        let given = vec![form.action.clone().into(), words.into(), every.into()];
        let sent = self.browser.execute(FILL, given).await.unwrap();
        if !sent.convert::<bool>().unwrap() {
            return;
        }
        let come = "return !window.left && document.readyState === 'complete'";
        for _ in 0..PATIENCE {
            let come = self.browser.execute(come, vec![]).await;
            // Between two pages there is none to ask.
            if come.is_ok_and(|come| come.convert().unwrap_or(false)) {
                sound(self.looked().await, &form.action);
                return;
            }
        }
        panic!("nothing came back from {}", form.action);
    }
}

/// Nothing happened on this page, and it was shown.
fn sound(looked: Looked, path: &str) -> Looked {
    assert_eq!(looked.harm(), [""; 0], "at {path}");
    let busy = looked.text.contains("操作が続いたため");
    assert!(!busy, "{path}: asked too much to be shown anything");
    looked
}
