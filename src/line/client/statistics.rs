//! How messages fared after they arrived, as LINE sums it up: never who, and nothing of few people.
//!
//! <https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit>

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::{Client, Outcome, Unit};

/// Days after the first for which LINE answers at once.
pub const MAX_DAYS: i64 = 30;
/// Below so many people, LINE tells no number.
pub const FEWEST: u64 = 20;

/// What people did with the messages of an aggregation unit. `None` where LINE tells no number: fewer than
/// [`FEWEST`] people, or not counted yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many people displayed one of the messages.
    pub opened: Option<u64>,
    /// How many people opened an address in them.
    pub clicked: Option<u64>,
    /// The addresses, each where it stands.
    pub links: Vec<LinkStatistics>,
}

/// What people did with an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatistics {
    /// The address.
    pub url: String,
    /// How many people opened it.
    pub people: Option<u64>,
    /// How often it was opened.
    pub clicks: Option<u64>,
}

impl Client {
    /// What people did with the messages of `unit` from one of Japan's days to another, [`MAX_DAYS`] later at
    /// most. LINE counts for 14 days after sending, and has yesterday's numbers today; it takes 60 of these
    /// calls an hour.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn statistics(
        &self,
        unit: &Unit,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Outcome<Statistics> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Overview {
            unique_impression: Option<u64>,
            unique_click: Option<u64>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Click {
            url: String,
            click: Option<u64>,
            unique_click: Option<u64>,
            unique_click_of_request: Option<u64>,
        }
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            overview: Overview,
            #[serde(default)]
            clicks: Vec<Click>,
        }
        let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
        let (from, to) = (day(from), day(to));
        let call = Call::get("/v2/bot/insight/message/event/aggregation")
            .query("customAggregationUnit", unit.as_str())
            .query("from", &from)
            .query("to", &to);
        let wire = self.ask::<Wire>(call).await?;
        Ok(wire.map(|Wire { overview, clicks }| Statistics {
            opened: overview.unique_impression,
            clicked: overview.unique_click,
            links: clicks
                .into_iter()
                .map(|click| LinkStatistics {
                    url: click.url,
                    people: click.unique_click_of_request.or(click.unique_click),
                    clicks: click.click,
                })
                .collect(),
        }))
    }
}
