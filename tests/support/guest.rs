//! A browser without scripts: it keeps cookies, follows nothing by itself, and sends the forms it is told to.

use std::collections::BTreeMap;
use std::sync::Mutex;

use kairan::console::COOKIE;
use reqwest::header::{COOKIE as COOKIES, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use super::authenticator::Authenticator;
use super::console::client;

/// Somebody at a browser, with a phone in their hand.
pub struct Guest {
    pub origin: String,
    pub phone: Authenticator,
    cookies: Mutex<BTreeMap<String, String>>,
    client: Client,
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    /// Where it leads.
    pub to: String,
    pub page: String,
}

impl Guest {
    pub fn at(origin: &str, phone: Authenticator) -> Self {
        Self {
            origin: origin.to_owned(),
            phone,
            cookies: Mutex::default(),
            client: client(),
        }
    }

    pub fn holds(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.ask(self.client.get(format!("{}{path}", self.origin)))
            .await
    }

    /// Sends a form as a page of ours would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.cookie(COOKIE).map(|key| kairan::web::Token::of(&key));
        let mut fields = fields.to_vec();
        if let Some(token) = &token {
            fields.push(("token", token.reveal()));
        }
        let request = self.client.post(format!("{}{path}", self.origin));
        let request = request.header(ORIGIN, &self.origin).form(&fields);
        self.ask(request).await
    }

    /// Sends a form that needs a passkey: what the phone answers is sent with it the second time.
    pub async fn proves(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let asked = self.post(path, fields).await;
        let answer = self.answer(&asked);
        self.post(path, &[fields, &pairs(&answer)].concat()).await
    }

    /// What a page that asks for a passkey would send: the ceremony and the answer.
    pub fn answer(&mut self, asked: &Seen) -> (String, String) {
        let options: Value = serde_json::from_str(&asked.attribute("data-options")).unwrap();
        let answer = match asked.attribute("data-passkey").as_str() {
            "create" => self.phone.created(&options),
            _ => self.phone.signed(&options),
        };
        (asked.field("ceremony"), answer)
    }

    async fn ask(&self, request: RequestBuilder) -> Seen {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(n, v)| format!("{n}={v}")).collect()
        };
        let request = request.header(COOKIES, cookies.join("; "));
        let answer = request.send().await.unwrap();
        self.keep(&answer);
        let to = answer.headers().get(LOCATION);
        Seen {
            status: answer.status().as_u16(),
            to: to.map_or("", |to| to.to_str().unwrap()).to_owned(),
            page: answer.text().await.unwrap(),
        }
    }

    fn keep(&self, answer: &Response) {
        let mut cookies = self.cookies.lock().unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") || cookie.contains("Max-Age=0"));
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => cookies.remove(name),
                value => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
    }
}

/// The fields of a passkey's answer.
pub fn pairs((ceremony, answer): &(String, String)) -> [(&str, &str); 2] {
    [("ceremony", ceremony), ("answer", answer)]
}

impl Seen {
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.page.contains(words), "`{words}` is not in {self:?}");
        self
    }

    #[track_caller]
    pub fn leads(&self, to: &str) -> &Self {
        assert_eq!((self.status, self.to.as_str()), (303, to), "{}", self.page);
        self
    }

    /// The value of a hidden field.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        plain(between(&self.page, &mark, "\""))
    }

    #[track_caller]
    pub fn attribute(&self, name: &str) -> String {
        plain(between(&self.page, &format!("{name}=\""), "\""))
    }
}

/// What stands between two marks.
#[track_caller]
pub fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from);
    let rest = rest
        .unwrap_or_else(|| panic!("`{from}` is not in {text}"))
        .1;
    rest.split(to).next().unwrap()
}

fn plain(html: &str) -> String {
    html.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}
