//! An API call as it arrives, and the answer LINE would give.

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::check::Findings;

/// One API call, read from the wire.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The values of the `{…}` parts of the route, in order.
    pub(crate) params: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) retry_key: Option<String>,
    /// Whether the body's length was announced in any way (`Content-Length` or chunks).
    pub(crate) length_known: bool,
    pub(crate) body: Bytes,
    pub(crate) request_id: String,
    pub(crate) now: DateTime<Utc>,
}

impl Call {
    /// The value of the nth `{…}` part of the route.
    pub(crate) fn param(&self, n: usize) -> &str {
        self.params.get(n).map_or("", String::as_str)
    }

    /// The first query parameter of that name.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as a JSON object.
    pub(crate) fn json(&self) -> Result<Value, Answer> {
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(value) if value.is_object() => Ok(value),
            Ok(_) => Err(unparsable(1, 1)),
            Err(error) => Err(unparsable(error.line(), error.column())),
        }
    }

    /// The body as form fields (the OAuth endpoints).
    pub(crate) fn form(&self) -> Map<String, Value> {
        form_pairs(&String::from_utf8_lossy(&self.body))
            .into_iter()
            .map(|(k, v)| (k, Value::String(v)))
            .collect()
    }
}

fn unparsable(line: usize, column: usize) -> Answer {
    Answer::error(
        400,
        format!("The request body could not be parsed as JSON (line: {line}, column: {column})"),
    )
}

/// The pairs of a query string or a form body.
pub(crate) fn form_pairs(text: &str) -> Vec<(String, String)> {
    // The query parser of a URL reads forms too; the host is a placeholder that is never called.
    let url = reqwest::Url::parse(&format!("http://form.invalid/?{text}"));
    url.map(|url| {
        url.query_pairs()
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect()
    })
    .unwrap_or_default()
}

/// What the platform answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    Json(Value),
    Raw(String, Bytes),
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content: Content::Json(body),
        }
    }

    /// 200 with the empty object LINE sends where there is nothing to say.
    pub(crate) fn ok() -> Self {
        Self::json(200, json!({}))
    }

    /// 202: the work goes on behind the answer.
    pub(crate) fn accepted() -> Self {
        Self::json(202, json!({}))
    }

    pub(crate) fn raw(content_type: &str, body: Bytes) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            content: Content::Raw(content_type.into(), body),
        }
    }

    pub(crate) fn error(status: u16, message: impl Into<String>) -> Self {
        Self::json(status, json!({ "message": message.into() }))
    }

    pub(crate) fn not_found() -> Self {
        Self::error(404, "Not found")
    }

    /// 429: too many calls in a short time.
    pub(crate) fn rate_limited() -> Self {
        Self::error(
            429,
            "The API rate limit has been exceeded. Try again later.",
        )
    }

    /// 429: the month's messages are used up.
    pub(crate) fn quota_reached() -> Self {
        Self::error(429, "You have reached your monthly limit.")
    }

    /// 400 in LINE's shape: how many errors, and where each one is.
    pub(crate) fn invalid(findings: &Findings) -> Self {
        let details = findings.details();
        let message = format!("The request body has {} error(s)", details.len());
        Self::json(400, json!({ "message": message, "details": details }))
    }

    /// 400 for one property whose value has the wrong shape.
    pub(crate) fn invalid_property(property: &str) -> Self {
        Self::error(
            400,
            format!(
                "The property, {property}, in the request body is invalid (line: -, column: -)"
            ),
        )
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
