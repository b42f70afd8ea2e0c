//! The console as its users reach it: by plain HTTP, or in a browser.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use chrono::TimeDelta;
use kairan::console::COOKIE;
use kairan::ids::PersonId;
use kairan::staff::people::{Name, Place, PostKind, Term};
use reqwest::header::{COOKIE as COOKIES, LOCATION, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use thirtyfour::{Cookie, WebDriver};

use super::town::{Town, tuesday};
use crate::staff::{Hall, named};

/// Somebody signed in at the sample town's console.
pub struct Staff {
    pub person: PersonId,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    /// The key of their session.
    pub key: String,
    client: Client,
}

impl Town {
    /// The town hall of this town, opened an hour ago.
    pub async fn hall(&self) -> Hall {
        Hall::over(self.db.again(), tuesday() - TimeDelta::hours(1)).await
    }

    /// 山田 花子, chief of the PR section of a new town hall, signed in.
    pub async fn staff(&self) -> Staff {
        let hall = self.hall().await;
        let mut hanako = named("20417");
        hanako.name = Name::parse("山田 花子").unwrap();
        let hanako = hall.add(&hanako).await;
        hall.granted(hall.pr_chief, hanako, Term::since(hall.today()))
            .await;
        self.signs_in(hanako)
    }

    /// Somebody signed in for each kind of post that pages are made for: the PR chief, an administrator
    /// and the auditor.
    pub async fn readers(&self) -> [Staff; 3] {
        let hall = self.hall().await;
        let chief = hall.holder("P-1", hall.pr_chief).await;
        let auditor = hall.post(PostKind::Auditor, "監査担当", Place::Town).await;
        let auditor = hall.holder("P-2", auditor).await;
        [chief, hall.first, auditor].map(|person| self.signs_in(person))
    }

    /// Somebody in a session of their own.
    pub fn signs_in(&self, person: PersonId) -> Staff {
        Staff {
            person,
            origin: self.origin(),
            key: self.product.sessions.open(person),
            client: client(),
        }
    }

    /// Where browsers reach the product.
    pub fn origin(&self) -> String {
        format!("http://{}", self.product.address)
    }
}

/// A client that follows no redirect, so that stories see them. Each has an address of its own: what one
/// address may ask is limited.
pub fn client() -> Client {
    static NUMBER: AtomicU8 = AtomicU8::new(1);
    let number = NUMBER.fetch_add(1, Relaxed);
    let address = IpAddr::from([127, 0, 1, number]);
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .redirect(Policy::none())
        .local_address(address);
    client.build().unwrap()
}

impl Staff {
    /// A request with their cookie and nothing else.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.origin))
            .header(COOKIES, format!("{COOKIE}={}", self.key))
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Sends a form as the page's own would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = kairan::web::Token::of(&self.key);
        let mut fields = fields.to_vec();
        fields.push(("token", token.reveal()));
        self.request(Method::POST, path)
            .header(ORIGIN, &self.origin)
            .form(&fields)
            .send()
            .await
            .unwrap()
    }

    /// Hands in a file as the page's own form would.
    pub async fn hands_in(&self, path: &str, name: &str, bytes: &[u8]) -> Response {
        let token = kairan::web::Token::of(&self.key);
        let part = |head: &str| format!("--part\r\nContent-Disposition: form-data; {head}\r\n");
        let mut body = format!(
            "{}\r\n{}\r\n{}Content-Type: application/octet-stream\r\n\r\n",
            part("name=\"token\""),
            token.reveal(),
            part(&format!("name=\"file\"; filename=\"{name}\"")),
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--part--\r\n");
        self.request(Method::POST, path)
            .header(ORIGIN, &self.origin)
            .header("content-type", "multipart/form-data; boundary=part")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Opens a page in a browser, signed in.
    pub async fn opens(&self, window: &WebDriver, path: &str) {
        // A cookie can be set only for the site that is open.
        window.goto(format!("{}/login", self.origin)).await.unwrap();
        let mut cookie = Cookie::new(COOKIE, self.key.clone());
        cookie.set_path("/");
        window.add_cookie(cookie).await.unwrap();
        window.goto(format!("{}{path}", self.origin)).await.unwrap();
    }
}

/// Where an answer sends the browser.
pub fn leads_to(response: &Response) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}
