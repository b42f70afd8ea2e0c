//! Stylesheet and script, out of the program itself.
//!
//! The path names the content, so a browser keeps a file for ever and a new version is a new path.

use actix_web::http::header::{
    CACHE_CONTROL, CacheControl, CacheDirective, ETag, EntityTag, Header, IfNoneMatch,
};
use actix_web::web::{Path, ServiceConfig, get};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{Embed, EmbeddedFile};

use super::preview;
use super::refusal::Refusal;
use crate::text::hex;

#[derive(Embed)]
#[folder = "src/web/assets/"]
#[include = "*.css"]
#[include = "*.js"]
#[include = "*.svg"]
#[include = "*.webmanifest"]
struct Assets;

/// What a path names never changes.
const KEEP: &str = "public, max-age=31536000, immutable";
/// Letters of the digest in a path; enough to tell versions apart.
const DIGEST_IN_PATH: usize = 12;

/// Adds `/assets/…`, and the worker that shows notifications: what it may do follows from where it lies.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/assets/colors/{list}.css", get().to(colors))
        .route("/assets/{digest}/{file}", get().to(serve))
        .route("/service-worker.js", get().to(service_worker));
}

/// Where `file` is served.
pub fn path(file: &str) -> String {
    let digest = Assets::get(file).map_or_else(|| "missing".to_owned(), |file| digest(&file));
    let short = digest.get(..DIGEST_IN_PATH).unwrap_or(&digest);
    format!("/assets/{short}/{file}")
}

async fn serve(
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    let (asked, name) = path.into_inner();
    let file = Assets::get(&name).ok_or(Refusal::NotFound)?;
    let digest = digest(&file);
    let tag = EntityTag::new_strong(digest.clone());
    let kept = known(&request, &tag);
    let mut response = if kept {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response.insert_header(ETag(tag));
    if digest.starts_with(&asked) && asked.len() == DIGEST_IN_PATH {
        response.insert_header((CACHE_CONTROL, KEEP));
    } else {
        // An old page's path: today's file, but not to be kept under yesterday's name.
        response.insert_header(CacheControl(vec![CacheDirective::NoCache]));
    }
    if kept {
        // Without a body: what follows a 304 on the connection is the next answer.
        return Ok(response.finish());
    }
    let kind = file.metadata.mimetype().to_owned();
    Ok(response.content_type(kind).body(file.data.into_owned()))
}

/// Browsers ask for it again by themselves, and must see a new one.
async fn service_worker() -> Result<HttpResponse, Refusal> {
    let file = Assets::get("service-worker.js").ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoCache]))
        .content_type("text/javascript; charset=utf-8")
        .body(file.data.into_owned()))
}

/// The colours that a message's preview needs; the path says them all.
async fn colors(list: Path<String>) -> Result<HttpResponse, Refusal> {
    let css = preview::stylesheet(&list).ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, KEEP))
        .content_type("text/css; charset=utf-8")
        .body(css))
}

fn known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn digest(file: &EmbeddedFile) -> String {
    hex(&file.metadata.sha256_hash())
}
