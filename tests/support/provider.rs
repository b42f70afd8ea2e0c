//! A municipality's own sign-on on this machine: an OpenID provider that signs in whoever comes, and lies
//! when told to.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

/// What the provider says of whoever signs in, and when it says it.
#[derive(Clone)]
pub struct Says {
    pub subject: String,
    pub mail: Option<(String, bool)>,
    /// Seconds since 1970.
    pub now: i64,
    /// Claims to say instead.
    pub instead: Vec<(&'static str, Value)>,
    /// Signs with a key nobody knows.
    pub forged: bool,
}

struct Inner {
    issuer: String,
    key: SigningKey,
    says: Mutex<Says>,
    /// Codes not yet exchanged, with the nonce and the PKCE challenge they were asked with.
    codes: Mutex<HashMap<String, (String, String)>>,
}

#[derive(Clone)]
pub struct OpenIdProvider(Arc<Inner>);

impl OpenIdProvider {
    pub fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = Self(Arc::new(Inner {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: key(),
            says: Mutex::new(says),
            codes: Mutex::default(),
        }));
        let shared = provider.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(shared.clone()))
                .route(
                    "/.well-known/openid-configuration",
                    web::get().to(configuration),
                )
                .route("/keys", web::get().to(keys))
                .route("/token", web::post().to(token))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        tokio::spawn(server);
        provider
    }

    pub fn issuer(&self) -> String {
        self.0.issuer.clone()
    }

    pub fn says(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.0.says.lock().unwrap());
    }

    /// Somebody signs in at the page they were sent to; the state and code they come back with.
    pub fn sign_in(&self, page: &Url) -> (String, String) {
        let asked: HashMap<String, String> = page.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        let mut codes = self.0.codes.lock().unwrap();
        let code = uuid::Uuid::new_v4().to_string();
        let kept = (asked["nonce"].clone(), asked["code_challenge"].clone());
        codes.insert(code.clone(), kept);
        (asked["state"].clone(), code)
    }
}

fn key() -> SigningKey {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    SigningKey::from_slice(&bytes).unwrap()
}

async fn configuration(provider: web::Data<OpenIdProvider>) -> web::Json<Value> {
    let issuer = &provider.0.issuer;
    web::Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn keys(provider: web::Data<OpenIdProvider>) -> web::Json<Value> {
    let point = provider.0.key.verifying_key().to_sec1_point(false);
    web::Json(json!({"keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1",
        "x": BASE64.encode(point.x().unwrap()),
        "y": BASE64.encode(point.y().unwrap()),
    }]}))
}

async fn token(
    provider: web::Data<OpenIdProvider>,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    let code = provider.0.codes.lock().unwrap().remove(&form["code"]);
    let proven = BASE64.encode(Sha256::digest(&form["code_verifier"]));
    let Some((nonce, _)) = code.filter(|(_, challenge)| *challenge == proven) else {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_grant"}));
    };
    let says = provider.0.says.lock().unwrap().clone();
    let mut claims = json!({
        "iss": provider.0.issuer,
        "sub": says.subject,
        "aud": "kairan",
        "iat": says.now,
        "exp": says.now + 300,
        "nonce": nonce,
    });
    if let Some((mail, verified)) = says.mail {
        claims["email"] = mail.into();
        claims["email_verified"] = verified.into();
    }
    for (claim, value) in says.instead {
        claims[claim] = value;
    }
    let head = json!({"alg": "ES256", "kid": "1"});
    let part = |json: &Value| BASE64.encode(json.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    let key = if says.forged {
        key()
    } else {
        provider.0.key.clone()
    };
    let signature: Signature = key.sign(signed.as_bytes());
    HttpResponse::Ok().json(json!({
        "access_token": "unused",
        "token_type": "Bearer",
        "id_token": format!("{signed}.{}", BASE64.encode(signature.to_bytes())),
    }))
}
