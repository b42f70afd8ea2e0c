//! A simulator, a client that speaks to it as a product would, and a receiver of webhooks.

use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chrono::{DateTime, Utc};
use line_simulator::{Clock, Options, Simulator};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// Noon of 2026-11-22 in Japan.
pub fn noon() -> DateTime<Utc> {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

pub fn options() -> Options {
    Options {
        clock: Clock::Fixed(noon()),
        ..Options::default()
    }
}

/// One webhook as it arrived.
#[derive(Clone)]
pub struct Received {
    pub signature: String,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn events(&self) -> Vec<Value> {
        self.json()["events"].as_array().unwrap().clone()
    }
}

struct Inbox {
    received: Vec<Received>,
    /// The statuses of the next answers; 200 when there are none left. 0 stands for silence.
    statuses: Vec<u16>,
}

/// A server in the product's place.
#[derive(Clone)]
pub struct Receiver {
    inbox: Arc<Mutex<Inbox>>,
    pub url: String,
}

impl Receiver {
    fn start() -> Self {
        let inbox = Arc::new(Mutex::new(Inbox {
            received: Vec::new(),
            statuses: Vec::new(),
        }));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/line/webhook", listener.local_addr().unwrap());
        let data = web::Data::from(Arc::clone(&inbox));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .default_service(web::to(receive))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        tokio::spawn(server);
        Self { inbox, url }
    }

    pub fn all(&self) -> Vec<Received> {
        self.inbox.lock().unwrap().received.clone()
    }

    pub fn events(&self) -> Vec<Value> {
        self.all().iter().flat_map(Received::events).collect()
    }

    pub fn last_event(&self) -> Value {
        self.events().last().cloned().expect("an event")
    }

    pub fn answer_next(&self, statuses: &[u16]) {
        self.inbox.lock().unwrap().statuses = statuses.to_vec();
    }
}

async fn receive(
    inbox: web::Data<Mutex<Inbox>>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let status = {
        let mut inbox = inbox.lock().unwrap();
        let signature = request
            .headers()
            .get("x-line-signature")
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        inbox.received.push(Received { signature, body });
        if inbox.statuses.is_empty() {
            200
        } else {
            inbox.statuses.remove(0)
        }
    };
    if status == 0 {
        std::future::pending::<()>().await;
    }
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).finish()
}

/// A simulator and everything around it.
pub struct Town {
    pub sim: Simulator,
    pub hook: Receiver,
    pub client: Client,
    token: String,
}

impl Town {
    pub fn new() -> Self {
        Self::with(options())
    }

    pub fn with(options: Options) -> Self {
        let token = options.access_token.clone();
        let sim = Simulator::start(options).unwrap();
        let hook = Receiver::start();
        sim.set_webhook(&hook.url);
        Self {
            sim,
            hook,
            client: Client::builder().no_proxy().build().unwrap(),
            token,
        }
    }

    /// A friend whose follow event has been answered.
    pub async fn friend(&self, name: &str) -> String {
        let user = self.sim.add_person(name);
        self.sim.follow(&user).unwrap();
        self.sim.settle().await.unwrap();
        user
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.sim.api_base()))
            .bearer_auth(&self.token)
    }

    pub fn data_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.sim.data_base()))
            .bearer_auth(&self.token)
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    /// A POST without a body, its length announced.
    pub async fn post_empty(&self, path: &str) -> Answer {
        send(
            self.request(Method::POST, path)
                .header("content-length", "0"),
        )
        .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    pub async fn with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        send(
            self.request(Method::POST, path)
                .header("x-line-retry-key", key)
                .json(&body),
        )
        .await
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub request_id: String,
    pub accepted_id: Option<String>,
    pub body: Value,
}

impl Answer {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let (request_id, accepted_id) = (
        header("x-line-request-id"),
        header("x-line-accepted-request-id"),
    );
    Answer {
        status: answer.status().as_u16(),
        request_id: request_id.expect("every answer has a request id"),
        accepted_id,
        body: answer.json().await.unwrap(),
    }
}

pub fn text(words: &str) -> Value {
    json!({ "type": "text", "text": words })
}
