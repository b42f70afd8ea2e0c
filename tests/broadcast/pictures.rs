//! Pictures and their rights.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use kairan::audit::Actor;
use kairan::clock::Instant;
use kairan::ids::{MediaId, PersonId};
use kairan::media::{self, Entitled, Format, InvalidRights, Lacking, NotKept, Picture, Rights};
use kairan::policy::{ImageProof, Images};
use sea_orm::ConnectionTrait;

use crate::on_both;
use crate::staff::day;
use crate::support::database::TestDb;
use crate::support::town::{policy, tuesday};

/// A picture that is unlike any other of another shade.
pub fn picture(shade: u8) -> Picture {
    let drawn = RgbImage::from_pixel(400, 200, Rgb([shade, 120, 40]));
    let mut bytes = Cursor::new(Vec::new());
    drawn.write_to(&mut bytes, ImageFormat::Png).unwrap();
    Picture::read(&bytes.into_inner()).unwrap()
}

/// Everything that the sample town's policy demands.
pub fn entitled(name: &str) -> Entitled {
    Entitled {
        name: name.into(),
        rights: Rights {
            holder: Some("汐見市".into()),
            evidence: Some("職員が撮影（2026年11月20日の記録）".into()),
            checker: Some(PersonId(uuid::Uuid::nil())),
            checked_on: Some(day("2026-11-20")),
            expires_on: Some(day("2026-12-31")),
            ..Rights::default()
        },
    }
}

fn demands() -> Images {
    policy().profile.images.clone()
}

pub async fn kept(
    db: &TestDb,
    now: Instant,
    picture: &Picture,
    entitled: &Entitled,
) -> Result<MediaId, NotKept> {
    let tx = db.begin().await.unwrap();
    let id = media::keep(&tx, now, &Actor::Operator, &demands(), picture, entitled).await?;
    tx.commit().await.unwrap();
    Ok(id)
}

on_both!(
    a_picture_is_kept_once_and_each_use_has_its_rights,
    |db: TestDb| {
        let (now, shown) = (tuesday(), picture(10));
        let first = kept(&db, now, &shown, &entitled("健診の会場"))
            .await
            .unwrap();
        let other = Entitled {
            name: "保健センター".into(),
            ..entitled("")
        };
        let second = kept(&db, now, &shown, &other).await.unwrap();
        let third = kept(&db, now, &picture(20), &other).await.unwrap();
        assert_ne!(first, second);
        let found = media::find_all(&db, &[first, second, third]).await.unwrap();
        let digest = |id| found.iter().find(|m| m.id == id).unwrap().digest.clone();
        assert_eq!(digest(first), digest(second));
        assert_ne!(digest(first), digest(third));
        let bytes = media::bytes(&db, second).await.unwrap().unwrap();
        assert_eq!(bytes, (Format::Png, shown.bytes().to_vec()));
        let media = media::find(&db, first).await.unwrap().unwrap();
        assert_eq!((media.width, media.height), (400, 200));
        assert_eq!(media.entitled, entitled("健診の会場"));
        assert!(media.usable_on(day("2026-12-31")).is_ok());
        assert!(media.usable_on(day("2027-01-01")).is_err());
        let newest = media::newest(&db, None, 2).await.unwrap();
        let after = media::newest(&db, newest.last().map(|m| m.id), 2)
            .await
            .unwrap();
        assert_eq!((newest.len(), after.len()), (2, 1));
    }
);

on_both!(
    without_what_the_policy_demands_nothing_is_kept,
    |db: TestDb| {
        let now = tuesday();
        let mut without = entitled("会場");
        without.rights.evidence = None;
        let refused = kept(&db, now, &picture(10), &without).await;
        let Err(NotKept::Lacking { lacking, clause }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(lacking, Lacking(ImageProof::Evidence));
        assert_eq!(clause.unwrap().as_str(), "8");
        let mut over = entitled("会場");
        over.rights.expires_on = Some(day("2026-11-23"));
        let refused = kept(&db, now, &picture(10), &over).await;
        assert!(
            matches!(refused, Err(NotKept::Invalid(InvalidRights::Over(_)))),
            "{refused:?}"
        );
        let mut later = entitled("会場");
        later.rights.checked_on = Some(day("2026-11-25"));
        let refused = kept(&db, now, &picture(10), &later).await;
        assert!(
            matches!(
                refused,
                Err(NotKept::Invalid(InvalidRights::CheckedLater(_)))
            ),
            "{refused:?}"
        );
        assert_eq!(media::newest(&db, None, 9).await.unwrap(), []);
    }
);

on_both!(rights_are_said_anew_and_bytes_never_change, |db: TestDb| {
    let now = tuesday();
    let id = kept(&db, now, &picture(10), &entitled("会場"))
        .await
        .unwrap();
    let mut longer = entitled("会場の写真");
    longer.rights.expires_on = Some(day("2027-12-31"));
    let tx = db.begin().await.unwrap();
    media::entitle(&tx, now, &Actor::Operator, &demands(), id, &longer)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        media::find(&db, id).await.unwrap().unwrap().entitled,
        longer
    );
    for change in [
        "UPDATE picture SET width = 1",
        "UPDATE media SET digest = 'x'",
    ] {
        let refused = db.conn().execute_unprepared(change).await;
        assert!(
            refused.unwrap_err().to_string().contains("never"),
            "{change}"
        );
    }
    let tx = db.begin().await.unwrap();
    let nobody = MediaId::new(now);
    let refused = media::entitle(&tx, now, &Actor::Operator, &demands(), nobody, &longer).await;
    assert!(matches!(refused, Err(NotKept::Gone)), "{refused:?}");
});
