//! A template as an answer.

use actix_web::body::BoxBody;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use askama::Template;

use super::flash;
use super::refusal::Refusal;

/// A page, answered with 200. For another status, answer a [`Refusal`] or use [`Page::with`].
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    /// The page on `response`, whose status and headers stay.
    pub fn with(&self, mut response: actix_web::HttpResponseBuilder) -> HttpResponse {
        match self.0.render() {
            Ok(html) => response.content_type(ContentType::html()).body(html),
            Err(error) => Refusal::unexpected(error).error_response(),
        }
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = self.with(HttpResponse::Ok());
        // What was said once is not said again.
        flash::forget(request, &mut response);
        response
    }
}
