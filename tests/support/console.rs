//! The console as its users reach it: by plain HTTP, or in a browser.

use kairan::console::{COOKIE, Person, Right};
use reqwest::header::{COOKIE as COOKIES, LOCATION, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use thirtyfour::{Cookie, WebDriver};

use super::town::Town;

/// Somebody signed in at the sample town's console.
pub struct Staff {
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    /// The key of their session.
    pub key: String,
    client: Client,
}

impl Town {
    /// Somebody of the PR section who has signed in.
    pub fn staff(&self) -> Staff {
        self.staff_with(&[Right::SignedIn, Right::SeePeople, Right::ReadAudit])
    }

    /// Somebody signed in with these rights only.
    pub fn staff_with(&self, rights: &[Right]) -> Staff {
        let person = Person {
            name: "山田 花子".to_owned(),
            post: "広報課 課長".to_owned(),
            rights: rights.iter().copied().collect(),
        };
        Staff {
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

/// A client that follows no redirect, so that stories see them.
pub fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().redirect(Policy::none()).build().unwrap()
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
