//! Every sentence of the policy page.

use chrono::{Datelike, NaiveTime};

use super::profile::{
    Accounts, Answer, Called, Category, Channel, Closing, Contractors, Decider, Deciders, Drafter,
    Emergency, Hours, ImageProof, Images, Inquiry, Keep, LinkProof, Links, OpenData, Operator,
    Personal, PersonalField, Profile, Question, Reason, Removal, Replies, ReplyMode, Retention,
    Route, Rung, SeenBy, Sending, Source, Suspension, Topic, letter,
};

pub(super) const COUNTER: &str = "窓口の受付時間";
pub(super) const WORK: &str = "職員の勤務時間";

pub(super) fn account(operator: &Operator) -> Vec<String> {
    let mut words = vec![
        format!("アカウント名は「{}」です。", operator.account_name),
        format!(
            "{}{}が運営します。",
            operator.municipality, operator.section
        ),
        format!("公式サイト {}", operator.site),
        format!("運用ポリシー {}", operator.policy_page),
    ];
    words.extend(
        operator
            .account_id
            .as_ref()
            .map(|id| format!("アカウントIDは {id} です。")),
    );
    words
}

pub(super) fn source(source: &Source) -> Vec<String> {
    let date =
        |date: &chrono::NaiveDate| format!("{}年{}月{}日", date.year(), date.month(), date.day());
    let mut words: Vec<String> = source
        .rests_on
        .iter()
        .map(|document| format!("{document}に基づきます。"))
        .collect();
    words.push(format!("「{}」（{}）", source.name, source.short_name));
    words.push(format!("{}に定めました。", date(&source.decided_on)));
    words.extend(
        source
            .amended_on
            .iter()
            .map(|on| format!("{}に改めました。", date(on))),
    );
    words
}

pub(super) fn category(category: &Category, chief: &str) -> String {
    let mut words = vec![category.name.clone()];
    if !category.enabled {
        words.push("いまは使いません".to_owned());
    }
    if category.emergency {
        words.push("緊急のため、いつでも音でお知らせします".to_owned());
    }
    if !category.sound {
        words.push("音を鳴らしません".to_owned());
    }
    if let Some(quiet) = category.quiet_hours {
        words.push(format!("{}は音を鳴らしません", span(quiet.from, quiet.to)));
    }
    if category.chief_note {
        words.push(format!("{chief}が認めたものに限ります"));
    }
    if let Some(label) = &category.label {
        words.push(format!("「{label}」と添えます"));
    }
    words.push(format!("{}日間掲載します", category.keep_days));
    words.join("。") + "。"
}

pub(super) fn open_data(open: &OpenData) -> String {
    format!(
        "オープンデータには「{}」を付けます。利用規約 {}",
        open.tag, open.terms
    )
}

pub(super) fn deciders(deciders: &Deciders) -> String {
    let titles: Vec<&str> = Decider::ALL
        .into_iter()
        .filter_map(|decider| deciders.title(decider))
        .collect();
    format!("決裁する役職と課：{}", titles.join("、"))
}

pub(super) fn route(route: &Route, profile: &Profile) -> String {
    let whose = match route.drafter {
        Drafter::Owner => "運営する課の原稿",
        Drafter::Section => "ほかの課の原稿",
        Drafter::Contractor => "受託者の原稿",
    };
    let categories: Vec<&str> = route
        .categories
        .iter()
        .map(|id| {
            profile
                .category(id)
                .map_or(id.as_str(), |c| c.name.as_str())
        })
        .collect();
    let of = match categories.is_empty() {
        true => String::new(),
        false => format!("（分類が「{}」のもの）", categories.join("」「")),
    };
    let grant = match route.needs_grant {
        true => format!("{}が前もって認めた範囲で、", profile.deciders.owner_chief),
        false => String::new(),
    };
    let steps: Vec<&str> = route
        .steps
        .iter()
        .map(|step| title(*step, profile))
        .collect();
    let decide = match steps.len() {
        1 => "が決めます",
        _ => "の順に決めます",
    };
    format!("{whose}{of}は、{grant}{}{decide}。", steps.join("、"))
}

pub(super) fn sending(sending: &Sending, profile: &Profile) -> String {
    let when = match sending.only_in_working_hours {
        true => "配信は勤務時間のうちに行います",
        false => "配信の時間は限りません",
    };
    match sending.exception_by {
        Some(by) => format!(
            "{when}。{}が認めたときは、この限りでありません。",
            title(by, profile)
        ),
        None => format!("{when}。"),
    }
}

pub(super) fn emergency(rule: &Emergency, profile: &Profile) -> Vec<String> {
    let when = match rule.only_outside_working_hours {
        true => "勤務時間のほかで、",
        false => "",
    };
    let mut lines = vec![
        format!(
            "{when}緊急に危機管理の情報を送るときは、{}と協議して同意を得たうえで、{}が直接配信します。",
            title(rule.concur, profile),
            title(rule.send, profile)
        ),
        match rule.live {
            true => "この方法での本番の配信ができます。".to_owned(),
            false => "いまは訓練だけを行い、本番の配信はできません。".to_owned(),
        },
        format!("協議の依頼は{}分で効力を失います。", rule.request_minutes),
        format!(
            "{}分返事がないときは、代理の者が行えます。",
            rule.deputy_minutes
        ),
        format!(
            "協議のあとで配信の人数が{}%を超えて変わったときは、協議しなおします。",
            rule.drift_percent
        ),
        match rule.canned_correction {
            true => "用意した文面での訂正は、両者の年ごとの署名があるあいだ、一人で送れます。",
            false => "訂正も、二人の協議によります。",
        }
        .to_owned(),
        "電話での同意は使いません。".to_owned(),
    ];
    lines.extend(rule.ladder.iter().map(rung));
    if let Some(jma) = &rule.jma {
        let or_none = |codes: &[String]| match codes.is_empty() {
            true => "なし".to_owned(),
            false => codes.join("・"),
        };
        lines.push(format!(
            "気象庁の電文から下書きを用意します（市町村コード{}、区のコード{}、津波予報区{}、震度{}以上）。配信を決めるのは人です。",
            jma.municipality,
            or_none(&jma.wards),
            or_none(&jma.coast),
            jma.intensity.replace('-', "弱").replace('+', "強")
        ));
    }
    lines
}

fn rung(rung: &Rung) -> String {
    let who = match rung.who {
        Called::Chief => "課長",
        Called::Deputy1 => "代理（一番目）",
        Called::Deputy2 => "代理（二番目）",
        Called::Duty => "当直",
    };
    let by: Vec<&str> = rung
        .by
        .iter()
        .map(|channel| channel_name(*channel))
        .collect();
    let by = by.join("・");
    match rung.after_seconds {
        0 => format!("協議の依頼があると、すぐに{who}を{by}で呼び出します。"),
        after => format!(
            "{}応答がなければ、{who}を{by}で呼び出します。",
            lasting(after)
        ),
    }
}

fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "メール",
        Channel::Push => "プッシュ通知",
        Channel::Sms => "SMS",
        Channel::Voice => "音声電話",
    }
}

fn lasting(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}秒"),
        (minutes, 0) => format!("{minutes}分"),
        (minutes, seconds) => format!("{minutes}分{seconds}秒"),
    }
}

pub(super) fn replies(replies: &Replies) -> Vec<String> {
    let mode = match replies.mode {
        ReplyMode::None => "送られたメッセージには返信しません。",
        ReplyMode::Auto => "送られたメッセージには自動でお答えします。個別の返信はしません。",
        ReplyMode::Selective => {
            "送られたメッセージには自動でお答えします。必要なときは、承認を得て職員が返信しますが、すべてには返信しません。"
        }
    };
    let words = match replies.answer_words {
        true => "ごみの日などの問いには、言葉でもメニューでも自動でお答えします。",
        false => "ごみの日などの案内は、メニューとボタンから使えます。",
    };
    let mut all = vec![mode.to_owned(), words.to_owned()];
    if replies.point_to_opinions {
        all.push("メッセージが送られたときは、ご意見の受付先を案内します。".to_owned());
    }
    all
}

pub(super) fn inquiry(inquiry: &Inquiry) -> Vec<String> {
    let form = inquiry.opinions_name.as_deref().unwrap_or("ご意見・ご提案");
    vec![
        format!(
            "お問い合わせ：{} 電話 {}（{}）",
            inquiry.window, inquiry.telephone, inquiry.hours
        ),
        format!("{form}：{}", inquiry.opinions),
    ]
}

pub(super) fn hours(what: &str, hours: &Hours) -> Vec<String> {
    let week = hours.week.iter().map(|opening| {
        let days: Vec<String> = opening
            .days
            .iter()
            .map(|day| letter(*day).to_string())
            .collect();
        format!(
            "{what}：{} {}",
            days.join("・"),
            span(opening.from, opening.to)
        )
    });
    let closed = hours.closed_on.iter().map(|closing| match closing {
        Closing::Holidays => format!("{what}：国民の祝日・休日は休みます。"),
        Closing::YearEnd => format!("{what}：12月29日から1月3日までは休みます。"),
    });
    let exceptions = hours.exceptions.iter().map(|exception| {
        let date = exception.date;
        let date = format!(
            "{}年{}月{}日({})",
            date.year(),
            date.month(),
            date.day(),
            letter(date.weekday())
        );
        match exception.from.zip(exception.to) {
            Some((from, to)) => format!(
                "{what}：{date}は{}に開きます（{}）。",
                span(from, to),
                exception.reason
            ),
            None => format!("{what}：{date}は休みます（{}）。", exception.reason),
        }
    });
    week.chain(closed).chain(exceptions).collect()
}

pub(super) fn removal(removal: &Removal) -> Vec<String> {
    let mut words = vec![
        match removal.without_notice {
            true => "次にあてはまる投稿は、予告なく削除することがあります。",
            false => "次にあてはまる投稿は、削除することがあります。",
        }
        .to_owned(),
    ];
    if removal.may_block {
        words.push("投稿した人からの受け付けを止めることがあります。".to_owned());
    }
    words.push(format!(
        "削除したものは、理由とともに{}日間、限られた職員だけが見られる記録に残します。",
        removal.keep_days
    ));
    words
}

pub(super) fn reason(reason: &Reason, chief: &str) -> String {
    match reason.only_chief {
        true => format!("{}（{chief}の判断による）", reason.text),
        false => reason.text.clone(),
    }
}

pub(super) fn personal(personal: &Personal) -> Vec<String> {
    vec![
        format!("{}に従って扱います。", personal.law),
        format!("個人情報の取り扱い {}", personal.page),
    ]
}

pub(super) fn personal_field(field: &PersonalField) -> String {
    let keep = match field.keep {
        Keep::Registration => "登録のあいだ",
        Keep::Answer => "お答えするまで",
    };
    let seen = match field.seen_by {
        SeenBy::Nobody => "職員は見ません",
        SeenBy::StaffAsCounts => "職員は人数としてだけ見ます",
    };
    format!(
        "{}：{}。根拠は{}。{keep}持ち、{seen}。",
        field.name, field.purpose, field.basis
    )
}

pub(super) fn retention(retention: Retention) -> [String; 5] {
    [
        format!(
            "ブロックされてから{}日で、登録を消します。",
            retention.unreachable_days
        ),
        format!(
            "途中の登録は{}時間で消します。",
            retention.half_finished_hours
        ),
        format!(
            "届いたことの記録は{}日で消します。言葉は、お答えしたときに消します。",
            retention.event_days
        ),
        format!(
            "答えられなかった言葉は、だれのものかを残さず、{}日間だけ数えます。",
            retention.word_days
        ),
        format!(
            "どのお知らせをだれに送ったかは、誤りがあったときに同じ方へ訂正を送るために{}日間だけ残し、人数だけにします。",
            retention.recipient_days
        ),
    ]
}

pub(super) fn topic(topic: &Topic) -> String {
    let names: Vec<String> = topic
        .name
        .iter()
        .map(|(code, name)| format!("{code} {name}"))
        .collect();
    let children = match topic.about_children {
        true => "。妊娠・お子さんのお知らせを止めると、一緒に止まります",
        false => "",
    };
    format!("{}{children}。", names.join(" / "))
}

pub(super) fn reminder(profile: &Profile) -> Vec<String> {
    let reminder = &profile.reminder;
    let times = |times: &[NaiveTime]| {
        times
            .iter()
            .map(|t| time(*t))
            .collect::<Vec<_>>()
            .join("、")
    };
    let hours = format!(
        "ごみの日のお知らせ：前日の{}、当日の{}",
        times(&reminder.evening_before),
        times(&reminder.that_morning)
    );
    let sent = |what: &str, category: &Option<String>| {
        let category = profile.category(category.as_deref()?)?;
        let name = &category.name;
        Some(format!(
            "{what}は、分類「{name}」として、決まりにしたがって自動で送ります。"
        ))
    };
    let automatic = [
        sent("ごみの日のお知らせ", &reminder.garbage_category),
        sent("妊娠・子育てのお知らせ", &reminder.childcare_category),
    ];
    [hours]
        .into_iter()
        .chain(automatic.into_iter().flatten())
        .collect()
}

pub(super) fn suspension(suspension: &Suspension, profile: &Profile) -> Vec<String> {
    let notice = match suspension.without_notice {
        true => "予告なく運用を止め、終えることがあります。",
        false => "運用を止め、終えるときは、前もってお知らせします。",
    };
    let by: Vec<&str> = suspension.by.iter().map(|by| title(*by, profile)).collect();
    vec![
        format!("すべての配信は、{}が止められます。", by.join("または")),
        notice.to_owned(),
    ]
}

pub(super) fn question(question: &Question, chief: &str) -> String {
    let answers = |answers: &[Answer]| {
        let words = answers.iter().map(|answer| match answer {
            Answer::Yes => "「はい」",
            Answer::No => "「いいえ」",
            Answer::Unsure => "「わからない」",
        });
        words.collect::<String>()
    };
    let mut words = question.ask.clone();
    if !question.blocks.is_empty() {
        words += &format!(" {}なら提出できません。", answers(&question.blocks));
    }
    if !question.to_chief.is_empty() {
        words += &format!(" {}なら{chief}が判断します。", answers(&question.to_chief));
    }
    words
}

pub(super) fn links(links: &Links) -> Vec<String> {
    let list = |what: &str, hosts: &[String]| {
        (!hosts.is_empty()).then(|| format!("{what}：{}", hosts.join("、")))
    };
    let shown = links.require.iter().map(|proof| match proof {
        LinkProof::Relation => "内容との関係",
        LinkProof::Opened => "開いて確かめた記録",
        LinkProof::Consent => "相手の了解",
    });
    let lists = [
        list("自分のサイト", &links.own),
        list("使ってよいサイト", &links.allowed),
        list("使えないサイト", &links.denied),
        list("短縮サービス（使えません）", &links.shorteners),
        list("転送サービス（使えません）", &links.redirectors),
    ];
    let mut words: Vec<String> = lists.into_iter().flatten().collect();
    words.push(format!(
        "リンクごとに示すもの：{}",
        or_nothing(shown.collect())
    ));
    if links.only_listed {
        words.push("ここにないサイトへのリンクは使えません。".to_owned());
    }
    words
}

pub(super) fn images(images: &Images) -> String {
    let shown = images.require.iter().map(|proof| match proof {
        ImageProof::Relation => "内容との関係",
        ImageProof::Holder => "権利者",
        ImageProof::Evidence => "使ってよい証拠",
        ImageProof::Checker => "確かめた人",
        ImageProof::Date => "確かめた日",
        ImageProof::Expiry => "使える期限",
    });
    format!("画像ごとに示すもの：{}", or_nothing(shown.collect()))
}

pub(super) fn accounts(accounts: &Accounts) -> Vec<String> {
    let mut words = vec![match accounts.password_days {
        Some(days) => format!("パスワードは{days}日ごとに変えます。"),
        None => "パスワードを定期に変えることは求めません。".to_owned(),
    }];
    words.extend(
        accounts
            .unused_days
            .map(|days| format!("{days}日使われないアカウントは閉じます。")),
    );
    if accounts.enrolled_devices_only {
        words.push("起案と決裁は、登録した職場の端末からだけ行えます。".to_owned());
    }
    words
}

pub(super) fn contractors(contractors: &Contractors, profile: &Profile) -> String {
    format!(
        "受託者の担当者は{}が決めておきます。中傷などを見つけたときは、すぐに{}へ知らせます。",
        title(contractors.posters_named_by, profile),
        title(contractors.abuse_told_to, profile)
    )
}

fn title(decider: Decider, profile: &Profile) -> &str {
    profile
        .deciders
        .title(decider)
        .unwrap_or_else(|| decider.key())
}

fn or_nothing(words: Vec<&str>) -> String {
    match words.is_empty() {
        true => "なし".to_owned(),
        false => words.join("、"),
    }
}

fn span(from: NaiveTime, to: NaiveTime) -> String {
    format!("{}〜{}", time(from), time(to))
}

fn time(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}
