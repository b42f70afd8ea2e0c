//! The audit record in words: what was done, to what, and what its details are called.

/// Every act that anything puts on record, in the order in which a search offers them.
pub const ACTS: &[(&str, &str)] = &[
    ("staff.section_added", "課を登録した"),
    ("staff.section_entrusted", "課に担当する内容を加えた"),
    ("staff.section_relieved", "課の担当する内容を外した"),
    ("staff.section_closed", "課を廃止した"),
    ("staff.organisation_added", "受託者を登録した"),
    ("staff.contract_extended", "受託者の契約を延ばした"),
    ("staff.contract_ended", "受託者の契約を終えた"),
    ("staff.person_added", "職員を登録した"),
    ("staff.person_corrected", "職員の登録を直した"),
    ("staff.person_left", "職員の異動・退職を登録した"),
    ("staff.person_returned", "職員の復帰を登録した"),
    ("staff.post_added", "役職を設けた"),
    ("staff.post_closed", "役職を廃止した"),
    ("staff.post_granted", "役職に任命した"),
    ("staff.post_ended", "役職を解いた"),
    ("staff.deputy_added", "代理を登録した"),
    ("staff.deputy_ended", "代理を解いた"),
    ("staff.own_line_linked", "自分のLINEをつないだ"),
    ("staff.own_line_unlinked", "自分のLINEを外した"),
    ("staff.secret_changed", "秘密情報を交換した"),
    ("countersign.asked", "二人操作を申し出た"),
    ("countersign.agreed", "二人操作に同意した"),
    ("countersign.declined", "二人操作を断った"),
    ("countersign.withdrawn", "二人操作を取り下げた"),
    ("countersign.expired", "二人操作の期限が切れた"),
    ("account.signed_in", "サインインした"),
    ("account.unlocked", "パスワードをもう一度使えるようにした"),
    ("account.password_set", "パスワードを決めた"),
    ("account.passkey_added", "パスキーを登録した"),
    ("account.passkey_revoked", "パスキーを止めた"),
    ("account.codes_added", "認証アプリを登録した"),
    ("account.codes_ended", "認証アプリを外した"),
    ("account.recovery_renewed", "回復用の番号を作りなおした"),
    ("stepup.issued", "本人の再確認を求めた"),
    ("stepup.confirmed", "本人と再確認した"),
    ("approval.submitted", "決裁に出した"),
    ("approval.agreed", "決裁で認めた"),
    ("approval.approved", "決裁が済んだ"),
    ("approval.returned", "決裁で差し戻した"),
    ("approval.withdrawn", "決裁を取り下げた"),
    ("approval.voided", "決裁が無効になった"),
    ("delivery.stopped", "送達を止めた"),
    ("delivery.resumed", "送達を再開した"),
    ("delivery.held", "すべての送達を保留にした"),
    ("delivery.lift_asked", "送達の保留を解くよう申し出た"),
    ("delivery.hold_lifted", "送達の保留を解いた"),
    ("policy.adopted", "運用ポリシーの版を採用した"),
    ("inbox.retried", "脇に置いた連絡をもう一度処理した"),
    ("inbox.dismissed", "脇に置いた連絡を片付けた"),
    ("audit.searched", "監査記録を閲覧した"),
    ("audit.exported", "監査記録を書き出した"),
    ("audit.verified", "監査記録の鎖を検証した"),
    (
        "conversation.word_dismissed",
        "答えのなかった言葉を片付けた",
    ),
    ("faq.added", "よくある質問を加えた"),
    ("faq.changed", "よくある質問を変えた"),
    ("faq.moved", "よくある質問を並べかえた"),
    ("faq.removed", "よくある質問を消した"),
    ("faq.imported", "よくある質問を取り込んだ"),
    ("garbage.imported", "ごみの収集日を取り込んだ"),
    ("childcare.imported", "子育ての決まりを取り込んだ"),
    ("childcare.rule_added", "子育ての決まりを加えた"),
    ("childcare.rule_changed", "子育ての決まりを変えた"),
    ("childcare.rule_ended", "子育ての決まりを終えた"),
    ("broadcast.drafted", "配信を起案した"),
    ("broadcast.edited", "配信の原稿を書きなおした"),
    ("broadcast.answered", "配信の問いに答えた"),
    ("broadcast.link_proven", "配信のリンクを確かめた"),
    (
        "broadcast.overruled",
        "配信の指摘に、このままでよいと答えた",
    ),
    ("broadcast.test_sent", "配信を試し送りした"),
    ("broadcast.submitted", "配信を決裁に出した"),
    ("broadcast.returned", "配信を差し戻した"),
    ("broadcast.reopened", "配信を起案中に戻した"),
    ("broadcast.approved", "配信の決裁が済んだ"),
    ("broadcast.released", "配信を始めた"),
    ("broadcast.stopped", "配信を止めた"),
    ("broadcast.resumed", "配信を再開した"),
    ("broadcast.finished", "配信が終わった"),
    ("broadcast.withdrawn", "配信を取り下げた"),
    ("broadcast.lapsed", "配信が時機を逸した"),
    ("broadcast.template_kept", "配信のひな形を登録した"),
    ("broadcast.template_renamed", "配信のひな形の名前を変えた"),
    ("broadcast.template_retired", "配信のひな形を外した"),
    ("media.kept", "画像を登録した"),
    ("media.entitled", "画像の名前と権利を書き改めた"),
    ("segment.kept", "配信対象に名前をつけて残した"),
    ("segment.renamed", "配信対象の名前を変えた"),
    ("segment.retired", "配信対象を使わないことにした"),
];

/// Rooms whose acts are searched for together, by the beginning of the act.
pub const ROOMS: &[(&str, &str)] = &[
    ("staff.", "課・職員・役職のすべて"),
    ("countersign.", "二人操作のすべて"),
    ("account.", "サインインとその手段のすべて"),
    ("stepup.", "本人の再確認のすべて"),
    ("approval.", "決裁のすべて"),
    ("delivery.", "送達のすべて"),
    ("policy.", "運用ポリシーのすべて"),
    ("inbox.", "住民からの連絡のすべて"),
    ("audit.", "監査記録のすべて"),
    ("conversation.", "答えのなかった言葉のすべて"),
    ("faq.", "よくある質問のすべて"),
    ("garbage.", "ごみの収集日のすべて"),
    ("childcare.", "子育ての決まりのすべて"),
    ("broadcast.", "配信のすべて"),
    ("media.", "画像のすべて"),
    ("segment.", "配信対象のすべて"),
];

/// What things and details are called.
const THINGS: &[(&str, &str)] = &[
    ("address", "接続元"),
    ("after", "あと"),
    ("agreed_by", "同意した人"),
    ("ask", "申し出の内容"),
    ("asked_by", "申し出た人"),
    ("asked_at", "申し出た時刻"),
    ("at_once", "ただちに"),
    ("audit", "監査記録"),
    ("before", "まえ"),
    ("broken", "見つかった誤り"),
    ("chain", "鎖"),
    ("childcare", "全体"),
    ("childcare_rule", "子育ての決まり"),
    ("countersign", "二人操作"),
    ("delivery", "送達"),
    ("deputy", "代理"),
    ("digest", "要約値"),
    ("dispatch", "送達"),
    ("effective_from", "施行日"),
    ("entries", "件数"),
    ("event", "住民からの連絡"),
    ("expression", "条件"),
    ("faq_entry", "よくある質問"),
    ("faq_file", "よくある質問のファイル"),
    ("form", "形式"),
    ("from", "始まり"),
    ("gate", "全体"),
    ("grant_post", "任命"),
    ("held_since", "保留の始まり"),
    ("holding", "任命"),
    ("kind", "種類"),
    ("last_day", "最後の日"),
    ("media", "画像"),
    ("broadcast", "配信"),
    ("template", "配信のひな形"),
    ("corrects", "訂正する配信"),
    ("copied_from", "写したもと"),
    ("question", "問い"),
    ("answer", "答え"),
    ("number", "何番目の記録か"),
    ("name", "名前"),
    ("object", "対象"),
    ("on", "日付"),
    ("organisation", "受託者"),
    ("owner", "運営する課"),
    ("person", "職員"),
    ("policy_version", "運用ポリシーの版"),
    ("post", "役職"),
    ("rank", "順位"),
    ("readers", "試し送りの届け先"),
    ("reason", "理由"),
    ("scope", "範囲"),
    ("secret", "秘密情報"),
    ("secrets", "交換する秘密情報"),
    ("secrets_task", "秘密情報の交換"),
    ("section", "課"),
    ("segment", "配信対象"),
    ("term", "期間"),
    ("timetable", "子育ての決まりの表"),
    ("title", "名称"),
    ("to", "終わり"),
    ("until", "終わり"),
    ("who", "だれが"),
    ("words", "探した言葉の数"),
    ("approval", "決裁"),
    ("subject", "決裁の対象"),
    ("revision", "改訂"),
    ("way", "決裁の道"),
    ("policy", "運用ポリシーの版"),
    ("step", "何番目の決裁か"),
    ("for", "決裁の役職"),
    ("standing_in_for", "代理した役職"),
    ("decider", "決裁する役職"),
    ("grounds", "決裁がいる理由"),
    ("act", "操作"),
];

/// What `act` is in words; an act nobody knows any more stands as it was recorded.
pub fn of_act(act: &str) -> &str {
    word(ACTS, act)
}

/// What a kind of thing, or a detail, is called.
pub fn of_thing(name: &str) -> &str {
    word(THINGS, name)
}

fn word<'a>(words: &'a [(&str, &str)], name: &'a str) -> &'a str {
    let found = words.iter().find(|(known, _)| *known == name);
    found.map_or(name, |(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once() {
        for words in [ACTS, ROOMS, THINGS] {
            let mut names: Vec<_> = words.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
