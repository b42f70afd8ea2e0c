//! Forms with files, as a browser sends them.

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, Response};

use super::console::Staff;

const BOUNDARY: &str = "----kairan-story";

impl Staff {
    /// Sends a form with files as the page's own would.
    pub async fn send(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Response {
        let token = kairan::web::Token::of(&self.key);
        let mut body = Vec::new();
        let mut part = |head: String, content: &[u8]| {
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in [("token", token.reveal())].iter().chain(fields) {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            part(head, value.as_bytes());
        }
        for (name, file, content) in files {
            let head = format!(
                "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/octet-stream"
            );
            part(head, content);
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.request(Method::POST, path)
            .header(ORIGIN, &self.origin)
            .header(
                CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(body)
            .send()
            .await
            .unwrap()
    }
}

/// What a hidden field of a page holds.
pub fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&field)
        .unwrap_or_else(|| panic!("no field {name}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}
