//! One webhook on the wire (<https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/>).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::CONTENT_TYPE;
use sha2::Sha256;

use super::courier::Parcel;
use crate::platform::Platform;

/// The `x-line-signature` of a body: HMAC-SHA256 with the channel secret over the raw bytes, in base 64.
///
/// ```
/// let body = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
/// let signature = line_simulator::signature("8c570fa6dd201bb328f1c1eac23a96d8", body);
/// assert_eq!(signature, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=");
/// ```
pub fn signature(channel_secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so that this never fails.
    match Hmac::<Sha256>::new_from_slice(channel_secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(),
    }
}

/// Carries one delivery to its end: the first attempt and, where redelivery is on, those after it.
pub(crate) async fn carry(platform: Arc<Platform>, id: u64) {
    loop {
        let parcel = platform.change(|world| {
            let now = world.time.now();
            world
                .courier
                .begin(id, &world.options, &mut world.reply_tokens, now)
        });
        let status = match &parcel {
            Some(parcel) => post(&platform, parcel).await.ok(),
            None => None,
        };
        let wait = platform.change(|world| world.courier.end(id, status, &world.options));
        match wait {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return,
        }
    }
}

/// Why a webhook got no answer, in the words of the webhook test.
#[derive(Debug)]
pub(crate) enum Failure {
    CouldNotConnect,
    RequestTimeout,
}

pub(super) async fn post(platform: &Platform, parcel: &Parcel) -> Result<u16, Failure> {
    send(
        platform,
        &parcel.url,
        parcel.body.to_vec(),
        &parcel.signature,
        parcel.timeout,
    )
    .await
}

/// Posts a signed body and gives the status.
pub(crate) async fn send(
    platform: &Platform,
    url: &str,
    body: Vec<u8>,
    signature: &str,
    timeout: Duration,
) -> Result<u16, Failure> {
    let answer = platform
        .http
        .post(url)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header("x-line-signature", signature)
        .timeout(timeout)
        .body(body)
        .send()
        .await;
    match answer {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) if error.is_timeout() => Err(Failure::RequestTimeout),
        Err(_) => Err(Failure::CouldNotConnect),
    }
}
