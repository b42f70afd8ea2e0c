//! What staff are told about pictures.

use super::{InvalidRights, Lacking, MAX_BYTES, NotAPicture};
use crate::policy::ImageProof;

/// What a proof is called on forms and in refusals.
pub fn proof(proof: ImageProof) -> &'static str {
    match proof {
        ImageProof::Relation => "内容との関係",
        ImageProof::Holder => "権利者",
        ImageProof::Evidence => "使ってよいことの証拠",
        ImageProof::Checker => "確かめた人",
        ImageProof::Date => "確かめた日",
        ImageProof::Expiry => "使用期限",
    }
}

/// What is missing, and what to do.
pub fn lacking(lacking: Lacking) -> String {
    format!("画像の「{}」を入力してください。", proof(lacking.0))
}

/// Why a file was not taken, and what to do.
pub fn not_a_picture(why: NotAPicture) -> String {
    match why {
        NotAPicture::TooLarge { given } => format!(
            "画像が大きすぎます（{}KB）。{}KBまでに縮めてください。",
            given / 1000,
            MAX_BYTES / 1000
        ),
        NotAPicture::TooWide => "画像の縦か横が大きすぎます。縮めてください。".to_owned(),
        NotAPicture::OtherFormat => {
            "JPEGかPNGの画像ではありません。JPEGかPNGで保存しなおしてください。".to_owned()
        }
        NotAPicture::Damaged => {
            "画像として読み取れません。ファイルが壊れていないか確かめてください。".to_owned()
        }
    }
}

/// Why what was said of a picture cannot be.
pub fn invalid(why: InvalidRights) -> String {
    match why {
        InvalidRights::Name => "画像の名前を100文字までで入力してください。".to_owned(),
        InvalidRights::Long => "権利についての欄は、それぞれ500文字までにしてください。".to_owned(),
        InvalidRights::CheckedLater(_) => "確かめた日が、今日より後になっています。".to_owned(),
        InvalidRights::Over(_) => {
            "使用期限が過ぎています。期限の切れた画像は使えません。".to_owned()
        }
    }
}
