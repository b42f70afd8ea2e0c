//! The two listeners, and how calls come off the wire and answers onto it.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Extensions, Server};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{App, HttpRequest, HttpResponse, HttpResponseBuilder, HttpServer, web};
use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::answer::{Answer, Call, Content, form_pairs};
use crate::api::{self, Found, Host, MAX_BODY};
use crate::fault::Effect;
use crate::ledger::ApiCall;
use crate::platform::Platform;
use crate::world::World;
use crate::{controls, ids, page};

/// How long a connection may be still: longer than clients keep theirs, so that none is closed under a request.
const KEEP_ALIVE: Duration = Duration::from_secs(180);
/// How long a stalled call is left waiting: longer than any caller does.
const STALL: Duration = Duration::from_secs(60);
/// How late an answer's end comes when the connection closes slowly.
const LATE: Duration = Duration::from_secs(1);
/// Until half an answer is on the wire.
const ON_THE_WIRE: Duration = Duration::from_millis(20);

/// A second handle on a connection's socket, to drop it without an answer.
struct Wire(TcpStream);

fn keep_wire(connection: &dyn std::any::Any, extensions: &mut Extensions) {
    let socket = connection.downcast_ref::<actix_web::rt::net::TcpStream>();
    if let Some(handle) = socket.and_then(|socket| socket.as_fd().try_clone_to_owned().ok()) {
        extensions.insert(Wire(TcpStream::from(handle)));
    }
}

/// The API host, with the phone page and the controls beside it.
pub(crate) fn api_host(platform: Arc<Platform>, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&platform)))
            .service(web::scope("/_sim").configure(controls::routes))
            .configure(page::routes)
            .default_service(web::to(on_api))
    });
    Ok(server
        .workers(2)
        .on_connect(keep_wire)
        .keep_alive(KEEP_ALIVE)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run())
}

/// The api-data host.
pub(crate) fn data_host(platform: Arc<Platform>, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&platform)))
            .default_service(web::to(on_data))
    });
    Ok(server
        .workers(1)
        .on_connect(keep_wire)
        .keep_alive(KEEP_ALIVE)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run())
}

async fn on_api(
    platform: web::Data<Platform>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    receive(platform.into_inner(), Host::Api, &request, payload).await
}

async fn on_data(
    platform: web::Data<Platform>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    receive(platform.into_inner(), Host::Data, &request, payload).await
}

async fn receive(
    platform: Arc<Platform>,
    host: Host,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut call = read(request, payload).await;
    let trouble = platform.change(|world| {
        call.now = world.time.now();
        world.faults.strike(&call.method, &call.path)
    });
    if !trouble.latency.is_zero() {
        tokio::time::sleep(trouble.latency).await;
        call.now = platform.look(|world| world.time.now());
    }
    if trouble.effect == Some(Effect::Reset) {
        let unanswered = Answer::json(0, Value::Null);
        platform.change(|world| log(world, &call, &unanswered));
        return hang_up(request);
    }
    let answer = match trouble.effect {
        Some(Effect::RateLimited) => Answer::rate_limited(),
        Some(Effect::QuotaReached) => Answer::quota_reached(),
        Some(Effect::Refused) => Answer::error(400, "The request body has 1 error(s)"),
        Some(Effect::ServerError) => Answer::error(500, "Internal server error"),
        _ => process(&platform, host, &mut call).await,
    };
    platform.change(|world| log(world, &call, &answer));
    match trouble.effect {
        Some(Effect::LostAnswer) => hang_up(request),
        Some(Effect::Stall) => {
            tokio::time::sleep(STALL).await;
            hang_up(request)
        }
        Some(Effect::HalfBody) => break_off(answer, &call.request_id),
        Some(Effect::SlowClose) => close_late(answer, &call.request_id),
        _ => {
            let (mut head, body) = parts(answer, &call.request_id);
            head.body(body)
        }
    }
}

async fn process(platform: &Arc<Platform>, host: Host, call: &mut Call) -> Answer {
    match api::find(host, &call.method, &call.path) {
        Found::Nothing => Answer::not_found(),
        Found::WrongMethod => Answer::error(405, "Method Not Allowed"),
        Found::Endpoint(route, params) => {
            call.params = params;
            if route.pattern != "/v2/bot/channel/webhook/test" {
                return platform.change(|world| api::answer(world, route, call));
            }
            let test = platform.change(|world| {
                api::admit(world, route, call)?;
                api::webhook_test(world, call)
            });
            match test {
                Ok(test) => api::test_answer(platform, test).await,
                Err(refusal) => refusal,
            }
        }
    }
}

async fn read(request: &HttpRequest, mut payload: web::Payload) -> Call {
    let mut body = web::BytesMut::new();
    // One byte over the limit is enough to know that it is too large; the rest is read and let go.
    while let Some(Ok(chunk)) = payload.next().await {
        let room = (MAX_BODY + 1).saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
    }
    let headers = request.headers();
    Call {
        method: request.method().to_string(),
        path: request.path().to_owned(),
        params: Vec::new(),
        query: form_pairs(request.query_string()),
        content_type: text(headers, "content-type"),
        authorization: text(headers, "authorization"),
        retry_key: text(headers, "x-line-retry-key"),
        length_known: headers.contains_key(header::CONTENT_LENGTH)
            || headers.contains_key(header::TRANSFER_ENCODING),
        body: body.freeze(),
        request_id: ids::opaque(),
        now: chrono::DateTime::UNIX_EPOCH,
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

fn log(world: &mut World, call: &Call, answer: &Answer) {
    let memory = world.options.memory;
    world.log.add(
        ApiCall {
            at: call.now,
            method: call.method.clone(),
            path: call.path.clone(),
            status: answer.status,
            retry_key: call.retry_key.clone(),
            request_id: call.request_id.clone(),
            body: call.body.clone(),
            answer: match &answer.content {
                Content::Json(value) => value.clone(),
                Content::Raw(..) => Value::Null,
            },
        },
        memory,
    );
}

fn parts(answer: Answer, request_id: &str) -> (HttpResponseBuilder, Bytes) {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut head = HttpResponse::build(status);
    head.insert_header(("x-line-request-id", request_id));
    for (name, value) in answer.headers {
        head.insert_header((name, value));
    }
    match answer.content {
        Content::Json(value) => {
            head.content_type("application/json");
            (head, Bytes::from(value.to_string()))
        }
        Content::Raw(content_type, bytes) => {
            head.content_type(content_type);
            (head, bytes)
        }
    }
}

/// Promises all of the answer and sends half of it.
fn break_off(answer: Answer, request_id: &str) -> HttpResponse {
    let (mut head, body) = parts(answer, request_id);
    let half = body.slice(..body.len() / 2);
    let lost = async {
        tokio::time::sleep(ON_THE_WIRE).await;
        Err(std::io::Error::other("broken off on purpose"))
    };
    let sent = stream::iter([Ok(half)]).chain(stream::once(lost));
    head.no_chunking(body.len() as u64);
    head.streaming(Box::pin(sent))
}

/// Sends all of the answer, and says only later that it was all.
fn close_late(answer: Answer, request_id: &str) -> HttpResponse {
    let (mut head, body) = parts(answer, request_id);
    let end = stream::once(tokio::time::sleep(LATE)).filter_map(|()| std::future::ready(None));
    let sent = stream::iter([Ok::<_, std::io::Error>(body)]).chain(end);
    head.force_close();
    head.streaming(Box::pin(sent))
}

/// Shuts the socket; the answer returned here reaches nobody.
fn hang_up(request: &HttpRequest) -> HttpResponse {
    if let Some(Wire(socket)) = request.conn_data::<Wire>() {
        // An error means that the other side was faster.
        let _ = socket.shutdown(Shutdown::Both);
    }
    HttpResponse::InternalServerError().finish()
}
