//! Why a page is not shown, as a page: what happened, and what to do next.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::clock::Instant;
use crate::db::{self, Failure};
use crate::mode::Mode;

use super::frame::Frame;
use super::page::Page;

/// Why a request is not answered as asked. Any error becomes [`Refusal::Unexpected`] by `?`.
#[derive(Debug)]
pub enum Refusal {
    /// Nobody is signed in: to the sign-in page, and back to this path afterwards.
    SignIn {
        /// Path and query to come back to; only for pages that can be asked again.
        back_to: Option<String>,
    },
    /// Signed in, but without the right.
    Forbidden {
        /// Who may: 「広報課長・広報課員」.
        needs: String,
    },
    /// The form came from another site, or without this session's token.
    Foreign,
    /// No such page, or not theirs.
    NotFound,
    /// What was sent cannot be read.
    Malformed {
        /// What was expected.
        expected: String,
    },
    /// What was sent is larger than taken here.
    TooLarge {
        /// Largest, in bytes.
        limit: usize,
    },
    /// Too many requests from one address.
    TooMany {
        /// Seconds to wait.
        wait: u64,
    },
    /// Our fault. It was logged with this id.
    Unexpected {
        /// What to tell the administrator.
        id: String,
        /// The database's part in it.
        database: Option<Failure>,
    },
}

/// How to come to the page again that failed.
#[derive(Debug)]
pub(super) struct Again {
    /// Something was to be done, not only looked at.
    pub(super) deed: bool,
    /// Path and query.
    pub(super) path: String,
}

impl Refusal {
    /// Logs `error` and names it by an id that says nothing about it.
    pub fn unexpected(error: impl std::fmt::Display) -> Self {
        Self::failed(&error, None)
    }

    fn failed(error: &impl std::fmt::Display, database: Option<Failure>) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string();
        let id = id.get(..8).unwrap_or(&id).to_owned();
        tracing::error!(failure.id = %id, %error, "a page failed");
        Self::Unexpected { id, database }
    }

    /// The page that says so, within `frame`.
    pub(super) fn page(&self, frame: Frame, again: Again) -> RefusalPage {
        let words = self.words(again.deed);
        let id = match self {
            Self::Unexpected { id, .. } => Some(id.clone()),
            _ => None,
        };
        RefusalPage {
            by_hand: frame.for_staff && id.is_some(),
            id,
            again: again.path,
            frame: Frame {
                title: words.title.to_owned(),
                ..frame
            },
            status: self.status_code().as_u16(),
            happened: words.happened,
            next: words.next,
        }
    }

    fn words(&self, deed: bool) -> Words {
        let (title, happened, next) = match self {
            Self::SignIn { .. } => (
                "サインインが必要です",
                "サインインしていないか、時間がたったためサインインが終わりました。".to_owned(),
                "もう一度サインインしてください。",
            ),
            Self::Forbidden { needs } => (
                "この操作をする権限がありません",
                format!("この画面を使えるのは、{needs}です。いまの役職には、この権限がありません。"),
                "担当の方に依頼するか、役職の登録が実際と違うときはシステム管理者に知らせてください。",
            ),
            Self::Foreign => (
                "操作を確かめられませんでした",
                "この操作が、この画面から送られたものだと確かめられませんでした。長く開いたままの画面や、別のサイトから送られたときに起こります。何も変更していません。".to_owned(),
                "画面を開きなおして、もう一度操作してください。",
            ),
            Self::NotFound => (
                "ページが見つかりません",
                "アドレスが変わったか、ほかの課のものか、削除されています。".to_owned(),
                "ホームから探してください。",
            ),
            Self::Malformed { expected } => (
                "送られた内容を読み取れません",
                format!("{expected}何も変更していません。"),
                "前の画面に戻り、入力を確かめてもう一度送ってください。",
            ),
            Self::TooLarge { limit } => (
                "ファイルが大きすぎます",
                format!("ここで受け取れる大きさは{}までです。何も変更していません。", size(*limit)),
                "ファイルを分けるか、画像を小さくして、もう一度送ってください。",
            ),
            Self::TooMany { wait } => (
                "操作が続いたため、少しお待ちください",
                format!("短い時間に多くの操作がありました。{wait}秒たつと、また使えます。"),
                "待ってから、もう一度操作してください。",
            ),
            Self::Unexpected { database: Some(Failure::NotDone), .. } if deed => (
                "操作できませんでした",
                "データベースを使えません。いまの操作では、何も変更していません。何も送信していません。".to_owned(),
                "画面を開きなおし、いまの状態を確かめてから、もう一度操作してください。",
            ),
            Self::Unexpected { database: Some(Failure::NotDone), .. } => (
                "画面を開けません",
                "データベースを使えないため、この画面を開けません。開いただけなので、何も変更していません。".to_owned(),
                "少し待って、画面を開きなおしてください。",
            ),
            Self::Unexpected { database: Some(Failure::Undecided), .. } => (
                "操作の結果がわかりません",
                "操作の途中で、データベースとの接続が切れました。済んだかどうか、まだわかりません。".to_owned(),
                "もう一度操作する前に、画面を開きなおして、いまの状態を確かめてください。",
            ),
            Self::Unexpected { .. } => (
                "うまくいきませんでした",
                "システムの側で問題が起きました。".to_owned(),
                "画面を開きなおし、いまの状態を確かめてから、もう一度操作してください。",
            ),
        };
        Words {
            title,
            happened,
            next,
        }
    }
}

struct Words {
    title: &'static str,
    happened: String,
    next: &'static str,
}

#[derive(Template)]
#[template(path = "refusal.html")]
pub(super) struct RefusalPage {
    frame: Frame,
    status: u16,
    happened: String,
    next: &'static str,
    /// What it was logged with, if it is our fault.
    id: Option<String>,
    /// Where to try again.
    again: String,
    /// How residents are told without us.
    by_hand: bool,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words(false).title)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn { back_to: Some(_) } => StatusCode::SEE_OTHER,
            Self::SignIn { back_to: None } => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } | Self::Foreign => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unexpected { database: None, .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unexpected { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn {
                back_to: Some(path),
            } => {
                let query: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
                response.insert_header((LOCATION, format!("/login?next={query}")));
                return response.finish();
            }
            Self::TooMany { wait } => {
                response.insert_header((RETRY_AFTER, wait.to_string()));
            }
            _ => {}
        }
        // Bare; `walls` puts the frame of who asks around it.
        let frame = Frame::plain("", "LINE運用", Mode::default(), Instant::default());
        let again = Again {
            deed: false,
            path: "/".to_owned(),
        };
        Page(self.page(frame, again)).with(response)
    }
}

// `Refusal` is no `std::error::Error` itself, so that every error turns into it.
impl<E: std::error::Error + 'static> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::failed(&error, db::failure(&error))
    }
}

fn size(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    if bytes >= MIB {
        format!("{}MB", bytes / MIB)
    } else {
        format!("{}KB", bytes / 1024)
    }
}
