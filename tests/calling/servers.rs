//! Those who carry calls: a mail server, a gateway for text messages and voice, and a push service, each with a
//! ledger of what it was handed, and each refusing when told to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{Notify, Semaphore};

/// What the gateway shares with the town.
pub const SECRET: &str = "a secret that only the gateway knows";

/// A mail that was taken.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub id: String,
    pub subject: String,
    pub body: String,
}

#[derive(Default)]
struct Post {
    letters: Mutex<Vec<Letter>>,
    refusals: Mutex<VecDeque<&'static str>>,
}

/// A mail server that believes everybody.
#[derive(Clone)]
pub struct MailServer {
    post: Arc<Post>,
    pub address: String,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let post = Arc::new(Post::default());
        let server = Self {
            post: Arc::clone(&post),
            address,
        };
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, Arc::clone(&post)));
            }
        });
        server
    }

    /// Says this to the next who names an addressee: `550 …` for good, `451 …` for now.
    pub fn refuses(&self, says: &'static str) {
        self.post.refusals.lock().unwrap().push_back(says);
    }

    /// What came since this was last asked.
    pub fn letters(&self) -> Vec<Letter> {
        std::mem::take(&mut self.post.letters.lock().unwrap())
    }
}

/// RFC 5321, as far as it takes to be handed a mail.
async fn talk(socket: tokio::net::TcpStream, post: Arc<Post>) -> Option<()> {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut to = String::new();
    write
        .write_all(b"220 mail.city.example.jp\r\n")
        .await
        .ok()?;
    while let Ok(Some(line)) = lines.next_line().await {
        let says = match line.get(..4).unwrap_or_default() {
            "EHLO" | "HELO" => "250 8BITMIME",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                let refusal = post.refusals.lock().unwrap().pop_front();
                refusal.unwrap_or("250 yes")
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    text += line.strip_prefix('.').unwrap_or(&line);
                    text += "\n";
                }
                let letter = letter(&to, &text);
                post.letters.lock().unwrap().push(letter);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 yes",
        };
        write
            .write_all(format!("{says}\r\n").as_bytes())
            .await
            .ok()?;
    }
    Some(())
}

fn letter(to: &str, text: &str) -> Letter {
    let (head, body) = text.split_once("\n\n").unwrap();
    let head = head.replace("\n ", " ");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim().to_owned()
    };
    let body = match header("Content-Transfer-Encoding:").as_str() {
        "base64" => String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap(),
        "quoted-printable" => quoted(&body.replace("=\n", "")),
        _ => body.to_owned(),
    };
    let body = body.replace("\r\n", "\n");
    // RFC 2047, as our own mail program writes it.
    let subject = header("Subject:");
    let words = subject.split_whitespace().map(|word| {
        let word = word.trim_start_matches("=?utf-8?b?").trim_end_matches("?=");
        String::from_utf8(STANDARD.decode(word).unwrap()).unwrap()
    });
    Letter {
        to: to.to_owned(),
        id: header("Message-ID:"),
        subject: words.collect(),
        body,
    }
}

fn quoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'=' => {
                let hex = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &after[2..];
            }
            other => {
                bytes.push(*other);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A request that one of the servers was sent.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

struct Ledger {
    requests: Mutex<Vec<Request>>,
    statuses: Mutex<VecDeque<u16>>,
    /// What answers when nothing else was said.
    always: Mutex<u16>,
    /// Those who may go on to be answered; all, unless the server is told to hold them.
    gate: Semaphore,
    came: Notify,
}

/// A server that takes whatever is posted to it.
#[derive(Clone)]
pub struct Taker {
    ledger: Arc<Ledger>,
    pub address: String,
}

impl Taker {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let ledger = Arc::new(Ledger {
            requests: Mutex::default(),
            statuses: Mutex::default(),
            always: Mutex::new(201),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            came: Notify::new(),
        });
        let shared = Arc::clone(&ledger);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::from(Arc::clone(&shared)))
                .default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals().listen(listener);
        tokio::spawn(server.unwrap().run());
        Self { ledger, address }
    }

    /// Answers the next so, one after the other.
    pub fn answers(&self, statuses: impl IntoIterator<Item = u16>) {
        self.ledger.statuses.lock().unwrap().extend(statuses);
    }

    pub fn always(&self, status: u16) {
        *self.ledger.always.lock().unwrap() = status;
    }

    /// Takes what comes, and answers nobody.
    pub fn holds(&self) {
        self.ledger.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn lets_go(&self) {
        self.ledger.gate.add_permits(1000);
    }

    /// Until something comes.
    pub async fn came(&self) {
        self.ledger.came.notified().await;
    }

    /// What came since this was last asked.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.ledger.requests.lock().unwrap())
    }
}

async fn take(ledger: web::Data<Ledger>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let next = ledger.statuses.lock().unwrap().pop_front();
    let status = next.unwrap_or(*ledger.always.lock().unwrap());
    let headers = request.headers().iter().map(|(name, value)| {
        (
            name.to_string(),
            value.to_str().unwrap_or_default().to_owned(),
        )
    });
    ledger.requests.lock().unwrap().push(Request {
        path: request.path().to_owned(),
        headers: headers.collect(),
        body: body.to_vec(),
    });
    ledger.came.notify_one();
    let _answered = ledger.gate.acquire().await;
    HttpResponse::build(status.try_into().unwrap()).finish()
}

/// Whether the town signed it with the secret, just at `now`.
pub fn is_signed(request: &Request, now: i64) -> bool {
    let signature = &request.headers["kairan-signature"];
    let (at, mac) = signature.split_once(",v1=").unwrap();
    let at = at.strip_prefix("t=").unwrap();
    let mut expected = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    expected.update(at.as_bytes());
    expected.update(b".");
    expected.update(&request.body);
    let bytes = (0..mac.len()).step_by(2);
    let bytes: Vec<u8> = bytes
        .map(|i| u8::from_str_radix(&mac[i..i + 2], 16).unwrap())
        .collect();
    at.parse() == Ok(now) && expected.verify_slice(&bytes).is_ok()
}

/// A device: it holds the key that opens what is pushed to it.
pub struct Device {
    key: p256::SecretKey,
    auth: [u8; 16],
}

impl Device {
    pub fn new(seed: u8) -> Self {
        Self {
            key: p256::SecretKey::from_slice(&[seed.max(1); 32]).unwrap(),
            auth: [seed; 16],
        }
    }

    pub fn p256dh(&self) -> [u8; 65] {
        point(&self.key.public_key())
    }

    pub fn auth(&self) -> [u8; 16] {
        self.auth
    }

    /// What was pushed, opened as a browser does (RFC 8291 §3, RFC 8188 §2).
    pub fn opens(&self, request: &Request) -> Value {
        use aes_gcm::aead::Aead;
        let body = &request.body;
        let (salt, rest) = body.split_at(16);
        let (theirs, sealed) = rest[5..].split_at(usize::from(rest[4]));
        let other = p256::PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = p256::ecdh::diffie_hellman(self.key.to_nonzero_scalar(), other.as_affine());
        let expand = |salt: &[u8], ikm: &[u8], info: &[u8], length: usize| {
            let mut bytes = vec![0; length];
            let prk = hkdf::Hkdf::<Sha256>::new(Some(salt), ikm);
            prk.expand(info, &mut bytes).unwrap();
            bytes
        };
        let info = [b"WebPush: info\0", self.p256dh().as_slice(), theirs].concat();
        let ikm = expand(&self.auth, shared.raw_secret_bytes(), &info, 32);
        let key = expand(salt, &ikm, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = expand(salt, &ikm, b"Content-Encoding: nonce\0", 12);
        let cipher = <aes_gcm::Aes128Gcm as aes_gcm::KeyInit>::new_from_slice(&key).unwrap();
        let nonce: [u8; 12] = nonce.try_into().unwrap();
        let text = cipher.decrypt(&nonce.into(), sealed).unwrap();
        let (last, text) = text.split_last().unwrap();
        assert_eq!(*last, 2, "it is the last record");
        serde_json::from_slice(text).unwrap()
    }
}

pub fn point(key: &p256::PublicKey) -> [u8; 65] {
    use p256::elliptic_curve::sec1::ToSec1Point;
    key.to_sec1_point(false).as_bytes().try_into().unwrap()
}

/// The claims of a request's VAPID signature, after looking that the key in it made it (RFC 8292 §3).
pub fn vouched(request: &Request) -> (Value, String) {
    use p256::ecdsa::signature::Verifier;
    let words = request.headers["authorization"]
        .strip_prefix("vapid ")
        .unwrap();
    let (token, key) = words.split_once(", k=").unwrap();
    let token = token.strip_prefix("t=").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let verifying = p256::ecdsa::VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&bytes(signature)).unwrap();
    verifying.verify(signed.as_bytes(), &signature).unwrap();
    let claims = signed.split_once('.').unwrap().1;
    (
        serde_json::from_slice(&bytes(claims)).unwrap(),
        key.to_owned(),
    )
}

/// How many different calls these requests were for.
pub fn distinct(requests: &[Request]) -> usize {
    let keys = requests
        .iter()
        .map(|request| &request.headers["idempotency-key"]);
    keys.collect::<BTreeSet<_>>().len()
}
