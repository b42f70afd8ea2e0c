//! The sample town with two administrators and an auditor at their desks.

use chrono::{DateTime, Utc};
use kairan::ids::PersonId;
use kairan::staff::people::{Place, PostKind};
use reqwest::Response;

use crate::staff::Hall;
use crate::support::Begin;
use crate::support::console::Staff;
use crate::support::database::Engine;
use crate::support::guest::Seen;
use crate::support::town::Town;

pub struct Office {
    pub town: Town,
    pub hall: Hall,
    pub first: Staff,
    pub second: Staff,
    pub auditor: Staff,
    /// 広報課 課長.
    pub chief: Staff,
}

impl Begin for Office {
    async fn begin(engine: Engine) -> Self {
        let town = Town::begin(engine).await;
        let hall = town.hall().await;
        let audit = hall.post(PostKind::Auditor, "監査担当", Place::Town).await;
        let auditor = hall.holder("90001", audit).await;
        let chief = hall.holder("10001", hall.pr_chief).await;
        Self {
            first: town.signs_in(hall.first).await,
            second: town.signs_in(hall.second).await,
            auditor: town.signs_in(auditor).await,
            chief: town.signs_in(chief).await,
            town,
            hall,
        }
    }
}

impl Office {
    pub fn now(&self) -> DateTime<Utc> {
        self.town.clock.now()
    }

    /// Signed in anew, after hours in which nobody asked for a page.
    pub async fn again(&self, staff: &Staff) -> Staff {
        self.town.signs_in(staff.person).await
    }

    /// The second administrator agrees, with their passkey.
    pub async fn agrees(&self, request: &str) -> Seen {
        let mut browser = self.second.browser();
        browser.proves(&format!("{request}/agree"), &[]).await
    }

    /// The first administrator goes through the form of the personnel change.
    pub async fn leaves(&self, person: PersonId, when: &str, day: &str) -> Response {
        let path = format!("/people/{person}/leave");
        let shown = page(&self.first, &format!("{path}?when={when}&day={day}")).await;
        let form = [("when", when), ("day", day), ("seen", &seen(&shown))];
        let answer = self.first.post(&path, &form).await;
        assert_eq!(answer.status(), 303);
        answer
    }
}

/// What a preview says that it has shown.
pub fn seen(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"seen\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A page that is there.
pub async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    let status = answer.status();
    let page = text(answer).await;
    assert_eq!(status, 200, "{path}: {page}");
    page
}

pub async fn text(answer: Response) -> String {
    answer.text().await.unwrap()
}
