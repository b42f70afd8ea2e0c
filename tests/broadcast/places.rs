//! Places: what was agreed to are areas by their numbers, not names that may come to mean others.

use kairan::area::{Area, Directory};
use kairan::broadcast::BroadcastError;
use kairan::broadcast::content::{Audience, Manuscript};
use kairan::broadcast::gates::Gate;
use kairan::ids::AreaId;
use kairan::segment::{Unknown, parse};
use serde_json::{json, to_value};

use super::{Desk, manuscript, tomorrow};
use crate::on_both;

fn town(areas: &[(i64, &str)]) -> Directory {
    let area = |(id, name): &(i64, &str)| Area {
        id: AreaId(*id),
        district: Some("本町地区".into()),
        name: (*name).to_owned(),
        reading: None,
    };
    Directory::new(areas.iter().map(area).collect())
}

fn district() -> Manuscript {
    Manuscript {
        audience: Audience::Segment(parse("district:本町地区").unwrap()),
        ..manuscript()
    }
}

on_both!(
    an_audience_keeps_its_areas_whatever_they_are_called_later,
    |desk: Desk| {
        desk.directory = town(&[(1, "本町1丁目"), (2, "本町2丁目")]);
        let id = desk.approved(&district()).await;
        let frozen = desk.find(id).await.issue.unwrap();
        let places = json!({ "district:本町地区": [
            { "id": 1, "label": "本町地区/本町1丁目" },
            { "id": 2, "label": "本町地区/本町2丁目" },
        ] });
        assert_eq!(to_value(&frozen.places).unwrap(), places);
        desk.hall.now = tomorrow(10);
        desk.directory = town(&[(1, "元町"), (2, "本町2丁目"), (3, "本町3丁目")]);
        desk.releases(id).await.unwrap();
        assert_eq!(desk.find(id).await.issue.unwrap().places, frozen.places);
    }
);

on_both!(
    an_audience_of_which_an_area_is_gone_goes_nowhere,
    |desk: Desk| {
        desk.directory = town(&[(1, "本町1丁目"), (2, "本町2丁目")]);
        let id = desk.approved(&district()).await;
        desk.hall.now = tomorrow(10);
        // Another area may have come under the old name.
        desk.directory = town(&[(1, "本町1丁目"), (9, "本町2丁目")]);
        let Err(BroadcastError::Findings(found)) = desk.releases(id).await else {
            panic!("it goes to an area that nobody agreed to");
        };
        let gone = Unknown::Area {
            name: "本町地区/本町2丁目".into(),
            near: Vec::new(),
        };
        assert_eq!(found[0].gate, Gate::Unknown(gone));
    }
);
