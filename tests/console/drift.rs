//! Many more people are there than both agreed to: nothing is sent, and the page says what to do.

use super::emergencies::Night;
use super::office::page;
use crate::on_both;

on_both!(
    what_both_agreed_to_for_others_is_agreed_to_anew,
    |night: Night| {
        for name in ["花子", "太郎", "次郎"] {
            night.town.resident(name).await;
        }
        let path = night.concurred().await;
        night.town.resident("三郎").await;
        night.sends(&path).await.leads(&path);
        let found = night.find(&path).await;
        assert_eq!(found.head.state.code(), "conferring");
        assert_eq!((found.head.concurred, found.head.dispatch), (None, None));
        let seen = page(&night.chief, &path).await;
        for told in [
            "同意が無効になりました。配信していません",
            "届く人が、協議のときの3人から4人に変わり",
            "「書きなおす」で内容と人数を確かめ、協議に出しなおしてください",
        ] {
            assert!(seen.contains(told), "{told}: {seen}");
        }
        let other = page(&night.other, &path).await;
        assert!(
            other.contains("所管の課が、協議に出しなおします"),
            "{other}"
        );
    }
);
