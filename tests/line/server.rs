//! A server on this machine that answers as told, or does not.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kairan::line::UserId;
use kairan::line::client::{ApiBase, Client, Config, Credentials, Failure, Notification, RetryKey};
use kairan::line::message::{Message, Messages};
use secrecy::SecretString;
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

pub enum Answer {
    Status(u16, Vec<(&'static str, &'static str)>, String),
    /// Takes the request and never answers.
    Silence,
    /// Takes the request and closes the connection.
    Close,
    /// Says 200 and closes before the promised body.
    HalfBody,
}

pub fn ok(body: impl ToString) -> Answer {
    Answer::Status(200, vec![("x-line-request-id", "req-1")], body.to_string())
}

pub fn status(status: u16, body: impl ToString) -> Answer {
    Answer::Status(
        status,
        vec![("x-line-request-id", "req-1")],
        body.to_string(),
    )
}

/// A server on a port of its own; remembers what it was asked.
pub struct Server {
    pub base: ApiBase,
    pub requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = ApiBase::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (requests.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answer) = (seen.clone(), answer.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &seen, &*answer));
            }
        });
        Self { base, requests }
    }

    pub fn client(&self) -> Client {
        self.client_with(Credentials::LongLived(SecretString::from("long-lived")))
    }

    pub fn stateless_client(&self) -> Client {
        let channel_secret = SecretString::from("s3cr3t");
        self.client_with(Credentials::Stateless {
            channel_id: "2000000001".to_owned(),
            channel_secret,
        })
    }

    pub fn client_with(&self, credentials: Credentials) -> Client {
        Client::new(Config {
            api_base: self.base.clone(),
            data_base: self.base.clone(),
            timeout: Duration::from_millis(500),
            ..Config::new(credentials)
        })
        .unwrap()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn only_request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request) -> Answer) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let request = Request {
        method,
        path,
        headers,
        body,
    };
    seen.lock().unwrap().push(request.clone());
    let mut stream = stream;
    match answer(&request) {
        Answer::Status(status, headers, body) => {
            let headers: String = headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}\r\n"))
                .collect();
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all((head + body.as_str()).as_bytes()).unwrap();
        }
        Answer::HalfBody => {
            let head =
                "HTTP/1.1 200 OK\r\nx-line-request-id: req-1\r\ncontent-length: 50\r\n\r\n{\"sent";
            stream.write_all(head.as_bytes()).unwrap();
        }
        Answer::Silence => {
            // Returns when the client has given up and closed.
            let _ = reader.read(&mut [0]);
        }
        Answer::Close => {}
    }
}

pub fn user(last: char) -> UserId {
    UserId::parse(&format!("U{}{last}", "0".repeat(31))).unwrap()
}

pub fn messages() -> Messages {
    Message::text("もえるごみ").unwrap().into()
}

pub async fn push(client: &Client) -> Result<(Option<String>, bool), Failure> {
    let accepted = client
        .push(
            &user('1'),
            &messages(),
            Notification::On,
            RetryKey::random(),
        )
        .await?;
    Ok((accepted.request_id, accepted.already))
}
