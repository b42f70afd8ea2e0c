//! Evacuation places: read from the forms that towns publish, found by distance and hazard.

use chrono::TimeDelta;
use kairan::commands;
use kairan::db::Db;
use kairan::language::Language;
use kairan::shelter::{
    self, Hazard, Imported, Location, Near, NotSet, Opening, Shelter, State, phrases,
};
use kairan::table::Source;
use kairan::upload::ImportError;

use crate::on_both;
use crate::staff::Hall;
use crate::support::database::TestDb;
use crate::support::town::{Answer, Town, tuesday};

const GSI_IN_SHIFT_JIS: &[u8] = include_bytes!("fixtures/shelter/gsi_shift_jis.csv");
const CITY_FORM: &[u8] = include_bytes!("fixtures/shelter/city_form.csv");
const BROKEN: &[u8] = include_bytes!("fixtures/shelter/broken.csv");
const SAMPLE: &[u8] = include_bytes!("../sample-town/shelters.csv");

async fn import(db: &Db, bytes: &[u8]) -> Result<Imported, ImportError> {
    shelter::import(db, &Source::new("shelters.csv", bytes)).await
}

async fn near(db: &Db, hazard: Option<Hazard>, count: usize) -> Vec<Near> {
    let harbour = Location::in_japan(36.1501, 140.5600).unwrap();
    shelter::nearest(db, harbour, hazard, count).await.unwrap()
}

fn names(near: &[Near]) -> Vec<&str> {
    near.iter().map(|n| n.shelter.name.as_str()).collect()
}

on_both!(the_nearest_place_depends_on_the_hazard, |db: TestDb| {
    let imported = import(&db, GSI_IN_SHIFT_JIS).await.unwrap();
    assert_eq!((imported.places, imported.notes.len()), (3, 0));
    assert_eq!(names(&near(&db, None, 2).await), ["港広場", "浜の塔"]);
    assert_eq!(
        names(&near(&db, Some(Hazard::Tsunami), 9).await),
        ["浜の塔", "丘の上小学校"]
    );
    assert_eq!(
        names(&near(&db, Some(Hazard::Volcano), 9).await),
        ["丘の上小学校"]
    );

    let square = &near(&db, Some(Hazard::Earthquake), 1).await[0];
    assert!((square.metres - 11.1).abs() < 0.1, "{}", square.metres);
    assert_eq!(square.shelter.note.as_deref(), Some("髙波に注意"));
    assert_eq!(
        square.shelter.hazards.iter().collect::<Vec<_>>(),
        [Hazard::Earthquake, Hazard::Fire]
    );
    assert!(!square.shelter.also_to_stay);
});

on_both!(
    the_recommended_form_replaces_the_list_and_tells_what_is_missing,
    |db: TestDb| {
        import(&db, GSI_IN_SHIFT_JIS).await.unwrap();
        let imported = import(&db, CITY_FORM).await.unwrap();
        assert_eq!(imported.places, 4);
        let notes: Vec<_> = imported.notes.iter().map(ToString::to_string).collect();
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].starts_with("shelters.csv:4: 梅ヶ谷集会所 has no coordinates"));
        assert!(notes[1].starts_with("shelters.csv:5: 川端広場 is marked for no hazard"));
        assert_eq!(
            names(&near(&db, Some(Hazard::Tsunami), 9).await),
            ["松原高台"]
        );
        assert_eq!(
            names(&near(&db, Some(Hazard::Fire), 9).await),
            ["白砂公民館", "松原高台"],
            "all circles count"
        );
        assert_eq!(
            near(&db, Some(Hazard::Flood), 9).await.len(),
            1,
            "none without coordinates"
        );
    }
);

on_both!(a_file_with_faults_changes_nothing, |db: TestDb| {
    import(&db, GSI_IN_SHIFT_JIS).await.unwrap();
    let Err(ImportError::Findings(findings)) = import(&db, BROKEN).await else {
        panic!("the file has faults");
    };
    let places: Vec<_> = findings.iter().map(|f| (f.line, f.column)).collect();
    assert_eq!(
        places,
        [(3, Some(12)), (4, Some(2)), (5, Some(4)), (6, Some(12))]
    );
    assert_eq!(near(&db, None, 9).await.len(), 3, "the list is as it was");

    let to_stay = "NO,施設・場所名,住所,緯度,経度\n1,学校,丘1,36.1,140.5\n";
    let Err(ImportError::Findings(findings)) = import(&db, to_stay.as_bytes()).await else {
        panic!("指定避難所 without hazards");
    };
    assert!(
        findings[0].to_string().contains("指定緊急避難場所"),
        "{findings:?}"
    );
});

on_both!(
    the_command_says_what_it_did_and_how_it_ended,
    |db: TestDb| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("places.csv");
        let run = async |bytes: Option<&[u8]>| {
            if let Some(bytes) = bytes {
                std::fs::write(&file, bytes).unwrap();
            }
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let code = commands::shelter::import(&db, &file, &mut out, &mut err)
                .await
                .unwrap();
            (
                code,
                String::from_utf8(out).unwrap(),
                String::from_utf8(err).unwrap(),
            )
        };
        let (code, _, err) = run(None).await;
        assert_eq!(
            (code, err.contains("places.csv: cannot be read")),
            (2, true),
            "{err}"
        );
        let (code, out, err) = run(Some(BROKEN)).await;
        assert_eq!(
            (code, out.as_str(), err.lines().count()),
            (2, "", 4),
            "{err}"
        );
        assert!(err.contains("places.csv:3:12: latitude"), "{err}");
        let (code, out, err) = run(Some(CITY_FORM)).await;
        assert_eq!(
            (code, out.as_str(), err.lines().count()),
            (0, "shelters: 4 places, 2 notes\n", 2),
            "{err}"
        );
    }
);

on_both!(
    the_sample_town_has_a_place_for_every_hazard,
    |db: TestDb| {
        let imported = import(&db, SAMPLE).await.unwrap();
        assert!(
            imported.places >= 25 && imported.notes.is_empty(),
            "{imported:?}"
        );
        for hazard in Hazard::ALL {
            assert!(
                !near(&db, Some(hazard), 3).await.is_empty(),
                "{}",
                hazard.name()
            );
        }
        let tower = &near(&db, Some(Hazard::Tsunami), 1).await[0];
        let said = phrases::place(tower, Language::japanese(), tuesday());
        assert!(
            said.contains("使える災害：") && said.contains("津波") && said.contains("（直線で約"),
            "{said}"
        );
    }
);

async fn says(hall: &Hall, name: &str, state: State, note: &str) -> Result<Shelter, NotSet> {
    let by = hall.signed(hall.first).await.unwrap();
    let places = shelter::all(&hall.db).await.unwrap();
    let place = places.iter().find(|place| place.name == name).unwrap();
    let tx = hall.db.begin().await.unwrap();
    let set = shelter::set_opening(&tx, hall.now, &by, place.id.unwrap(), state, note).await;
    if set.is_ok() {
        tx.commit().await.unwrap();
    }
    set
}

async fn opening(db: &Db, name: &str) -> Option<Opening> {
    let places = shelter::all(db).await.unwrap();
    let place = places.into_iter().find(|place| place.name == name);
    place.unwrap().opening
}

on_both!(
    what_staff_said_of_a_place_survives_another_list,
    |hall: Hall| {
        import(&hall.db, GSI_IN_SHIFT_JIS).await.unwrap();
        let opened_at = hall.now;
        says(&hall, "港広場", State::Open, " 2階へ ").await.unwrap();
        hall.now += TimeDelta::hours(1);
        says(&hall, "港広場", State::Open, "").await.unwrap();
        let before = shelter::all(&hall.db).await.unwrap();
        import(&hall.db, GSI_IN_SHIFT_JIS).await.unwrap();
        let said = opening(&hall.db, "港広場").await.unwrap();
        assert_eq!(
            (
                said.state,
                said.since,
                said.confirmed_at,
                said.note,
                said.by
            ),
            (State::Open, opened_at, hall.now, None, hall.first)
        );
        assert!(opening(&hall.db, "浜の塔").await.is_none());
        // A page of the list before means nobody now.
        let by = hall.signed(hall.first).await.unwrap();
        let tx = hall.db.begin().await.unwrap();
        let old = before[0].id.unwrap();
        let gone = shelter::set_opening(&tx, hall.now, &by, old, State::Full, "").await;
        assert!(matches!(gone, Err(NotSet::Gone)), "{gone:?}");
        drop(tx);
        let long = "長".repeat(101);
        let refused = says(&hall, "港広場", State::Full, &long).await;
        assert!(matches!(refused, Err(NotSet::LongNote)));
        hall.now += TimeDelta::hours(1);
        says(&hall, "港広場", State::Full, "満員").await.unwrap();
        let said = opening(&hall.db, "港広場").await.unwrap();
        assert_eq!((said.state, said.since), (State::Full, hall.now));
        let acts = ["shelter.opened", "shelter.filled"];
        let [opened, filled] = [hall.record(acts[0]).await, hall.record(acts[1]).await];
        assert_eq!((opened.len(), filled.len()), (2, 1));
        assert_eq!(filled[0].detail["name"], "港広場");
    }
);

on_both!(
    full_places_are_passed_by_and_open_ones_named,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let hall = town.hall().await;
        let asks = async || {
            hanako.stands_at(36.1501, 140.5552).await;
            hanako.taps("地震").await
        };
        let places = |answer: &Answer| {
            let bubbles = answer.0.iter().map(|bubble| &bubble["message"]);
            let places = bubbles.filter(|message| message["type"] == "location");
            let names = places.map(|place| place["title"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        let calm = asks().await;
        let [first, second, third] = places(&calm).try_into().unwrap();
        calm.lacks("現在");
        says(&hall, &first, State::Full, "").await.unwrap();
        says(&hall, &second, State::Open, "西側の入口から")
            .await
            .unwrap();
        let busy = asks().await;
        busy.contains("× 満員です（11月24日(火) 9:01 現在）")
            .contains("◯ 開いています（11月24日(火) 9:01 現在）")
            .contains("西側の入口から");
        assert_eq!(places(&busy)[..2], [second.clone(), third]);
        assert_eq!(places(&busy).len(), 3, "and one more in its place");
        town.later(shelter::FRESH);
        asks()
            .await
            .contains("開いていました")
            .contains("確かめてください");
        hanako.says("English").await;
        hanako.stands_at(36.1501, 140.5552).await;
        let told = hanako.taps("Earthquake").await;
        told.contains("Was open")
            .contains("Nearest evacuation places for: Earthquake");
        town.nothing_went_wrong().await;
    }
);
