//! The console as its users reach it: by plain HTTP, or in a browser.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU16, Ordering};

use chrono::TimeDelta;
use kairan::console::COOKIE;
use kairan::ids::PersonId;
use kairan::staff::account::{Limits, SignIn, Token, invite};
use kairan::staff::people::{Name, Place, PostKind, Term};
use kairan::startup::Running;
use reqwest::header::{COOKIE as COOKIES, LOCATION, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use thirtyfour::{Cookie, WebDriver};

use super::authenticator::Authenticator;
use super::guest::Guest;
use super::town::{Town, tuesday};
use crate::staff::{Hall, named};

/// Somebody signed in at the sample town's console.
pub struct Staff {
    pub person: PersonId,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    /// The key of their session.
    pub key: String,
    /// Their passkey.
    pub phone: Authenticator,
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
        self.signs_in(hanako).await
    }

    /// Somebody signed in for each kind of post that pages are made for: the PR chief, an administrator
    /// and the auditor.
    pub async fn readers(&self) -> [Staff; 3] {
        let hall = self.hall().await;
        let chief = hall.holder("P-1", hall.pr_chief).await;
        let auditor = hall.post(PostKind::Auditor, "監査担当", Place::Town).await;
        let auditor = hall.holder("P-2", auditor).await;
        [
            self.signs_in(chief).await,
            self.signs_in(hall.first).await,
            self.signs_in(auditor).await,
        ]
    }

    /// Somebody invited, with a passkey of their own, in a session of their own.
    pub async fn signs_in(&self, person: PersonId) -> Staff {
        self.signs_in_at(&self.product, person).await
    }

    /// The same at another opening of the product over this town.
    pub async fn signs_in_at(&self, product: &Running, person: PersonId) -> Staff {
        let now = self.clock.now();
        let mut phone =
            Authenticator::new(&product.accounts.origin().origin().ascii_serialization());
        // Synchronised: every browser of theirs has it.
        phone.counts = false;
        let sign_in = accepts(self, product, person, &mut phone).await;
        let limits = Limits::default();
        let key = product
            .accounts
            .open_session(now, limits, sign_in, "curl/8.5");
        Staff {
            person,
            origin: format!("http://{}", product.address),
            key: key.await.unwrap().reveal().to_owned(),
            phone,
            client: machine(),
        }
    }

    /// Somebody with nothing but a browser and a phone.
    pub fn guest(&self) -> Guest {
        let origin = self.product.accounts.origin().origin();
        let phone = Authenticator::new(&origin.ascii_serialization());
        Guest::at(&self.origin(), phone)
    }

    /// A link for this person.
    pub async fn invites(&self, person: PersonId) -> String {
        let tx = self.db.db.begin().await.unwrap();
        let link = invite(&tx, self.clock.now(), person).await.unwrap();
        tx.commit().await.unwrap();
        format!("/invite/{}", link.reveal())
    }

    /// Where browsers reach the product.
    pub fn origin(&self) -> String {
        format!("http://{}", self.product.address)
    }
}

/// Accepts an invitation with a new passkey.
async fn accepts(
    town: &Town,
    product: &Running,
    person: PersonId,
    phone: &mut Authenticator,
) -> SignIn {
    let (accounts, now) = (&product.accounts, town.clock.now());
    let link = town.invites(person).await;
    let link = Token::given(link.rsplit('/').next().unwrap());
    let asked = accounts.begin_passkey(now, person, "0001", "青葉 花子");
    let asked = asked.await.unwrap();
    let answer = phone.create(&asked.options);
    let passkey = accounts.check_passkey(now, person, &asked.token, &answer, "電話");
    let passkey = passkey.await.unwrap();
    let accepted = accounts.accept_with_passkey(now, &link, passkey);
    accepted.await.unwrap()
}

/// A client that follows no redirect, so that stories see them.
pub fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// A client at an address of its own, so that colleagues do not use up each other's requests.
fn machine() -> Client {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .redirect(Policy::none())
        .local_address(IpAddr::from([127, 1, high, low]))
        .build()
        .unwrap()
}

impl Staff {
    /// The same person in the same session, in a browser that keeps what it is given.
    pub fn browser(&self) -> Guest {
        let guest = Guest::at(&self.origin, self.phone.clone());
        guest.holds(COOKIE, &self.key);
        guest
    }

    /// The same person in the same session, at another address.
    pub fn elsewhere(self) -> Self {
        Self {
            client: machine(),
            ..self
        }
    }

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
