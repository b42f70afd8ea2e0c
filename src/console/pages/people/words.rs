//! How staff, posts and requests are called on pages, and why something was not done.

use chrono::NaiveDate;

use crate::clock::date_in_japan;
use crate::ids::{OrganisationId, PersonId, PostId};
use crate::staff::Right;
use crate::staff::contact::InvalidTelephone;
use crate::staff::countersign::{Ask, CountersignError, Outcome};
use crate::staff::people::{InvalidWord, PeopleError, PostKind, Roster, Subject, Term, Unfit};
use crate::web::{Refusal, times};

/// Days, as people say them: 「4月1日(水)から2027年3月31日(水)まで」.
pub fn term(term: &Term, today: NaiveDate) -> String {
    let from = times::day(term.from, today);
    match term.to {
        Some(to) => format!("{from}から{}まで", times::day(to, today)),
        None => format!("{from}から"),
    }
}

/// What a kind of post is called.
pub fn kind(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Chief => "課長",
        PostKind::Staff => "担当者",
        PostKind::DutyOfficer => "当直",
        PostKind::Auditor => "監査担当",
        PostKind::Administrator => "システム管理者",
        PostKind::ContractManager => "業務処理責任者（受託者）",
        PostKind::ContractPoster => "投稿担当（受託者）",
    }
}

/// What a kind of post is for.
pub fn meant_for(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Chief => "課を代表して決裁します。課に一つ、同時に就けるのは一人です。",
        PostKind::Staff => "課の内容を編集し、配信を起案します。",
        PostKind::DutyOfficer => "夜間と休日に、配信を止め、避難所の開設を登録できます。",
        PostKind::Auditor => "記録と登録を見ます。何も変えられません。",
        PostKind::Administrator => "職員と役職を登録します。配信の決裁はできません。",
        PostKind::ContractManager => "受託者の作業を取りまとめます。",
        PostKind::ContractPoster => "受託者として原稿を作ります。住民の情報は見られません。",
    }
}

/// What a right lets somebody do.
pub fn may(right: Right) -> &'static str {
    match right {
        Right::SignedIn => "サインインして、ホームを見る",
        Right::ResidentCounts => "住民の数を地区や分野ごとに見る",
        Right::EditAnswers => "よくある質問と自動応答を編集する",
        Right::EditGarbage => "ごみの収集日を編集する",
        Right::EditChildcare => "子育てのお知らせの決まりを編集する",
        Right::OpenShelters => "避難所の開設・満員・閉鎖を登録する",
        Right::SeeMenus => "リッチメニューを見る",
        Right::NameSegments => "配信対象に名前をつけて残す",
        Right::SeePeople => "職員、課、役職、代理を見る",
        Right::ManagePeople => "職員、課、役職、代理を登録する",
        Right::ReadAudit => "監査記録を読み、書き出す",
        Right::SeeSettings => "設定とシステムの状態を見る",
        Right::SeeBroadcasts => "配信の予定と結果を見る",
        Right::Emergency => "緊急配信を見る（課長と担当者は起案もする）",
        Right::Draft => "配信を起案する",
        Right::AdoptPolicy => "運用ポリシーの新しい版を採用する",
        Right::ReviewEmergencies => "配信しなかった緊急配信を、月ごとに見る",
        Right::SeeTemplates => "緊急配信の定型文を見る",
        Right::LiftHold => "止まっている配信の再開を認める",
    }
}

/// A person as others know them: 「山田 花子」.
pub fn person(roster: &Roster, id: PersonId) -> String {
    let known = roster.persons.get(&id);
    known.map_or_else(|| "不明な職員".to_owned(), |p| p.name.as_str().to_owned())
}

/// A post where it stands alone: 「広報課 課長」.
pub fn post(roster: &Roster, id: PostId) -> String {
    let known = roster.posts.get(&id);
    known.map_or_else(|| "不明な役職".to_owned(), |post| post.label())
}

/// A contractor's name.
pub fn organisation(roster: &Roster, id: OrganisationId) -> String {
    let known = roster.organisations.get(&id);
    known.map_or_else(|| "不明な受託者".to_owned(), |o| o.name.clone())
}

/// What is asked for, in a line: 「山田 花子を広報課 課長に就ける」.
pub fn wish(ask: &Ask, roster: &Roster) -> String {
    let who = |id: &PersonId| person(roster, *id);
    match ask {
        Ask::GrantPost {
            post: id, person, ..
        } => {
            format!("{}さんを{}に就ける", who(person), post(roster, *id))
        }
        Ask::AddDeputy {
            post: id, person, ..
        } => {
            format!("{}さんを{}の代理にする", who(person), post(roster, *id))
        }
        Ask::ExtendContract {
            organisation: id, ..
        } => {
            format!("{}との契約を延ばす", organisation(roster, *id))
        }
        Ask::Reinstate { person } => format!("{}さんの退職・異動を取り消す", who(person)),
        Ask::Invite { person } => format!("{}さんに招待を出す", who(person)),
        Ask::ResetCredentials { person } => {
            format!(
                "{}さんのパスワードと端末を取り消し、招待しなおす",
                who(person)
            )
        }
        Ask::AddPasskeyForChief { person } => format!("{}さんのパスキーを登録する", who(person)),
        Ask::SettlePasskey { person, .. } => format!(
            "{}さんのパスキーを、すぐ緊急配信に使えるようにする",
            who(person)
        ),
        Ask::Entrust { section, subject } => {
            let name = roster.sections.get(section).map_or("", |s| s.name.as_str());
            format!("{name}に「{}」を担当させる", self::subject(*subject))
        }
    }
}

/// The same, fact by fact.
pub fn facts(ask: &Ask, roster: &Roster, today: NaiveDate) -> Vec<(&'static str, String)> {
    let who = |id: &PersonId| {
        let number = roster.persons.get(id).map_or("", |p| p.number.as_str());
        format!("{}（職員番号 {number}）", person(roster, *id))
    };
    let day = |day: NaiveDate| times::day(day, today);
    match ask {
        Ask::GrantPost {
            post: id,
            person,
            term: days,
        } => {
            let meant = roster.posts.get(id).map_or("", |post| meant_for(post.kind));
            vec![
                ("職員", who(person)),
                ("役職", post(roster, *id)),
                ("期間", term(days, today)),
                ("この役職は", meant.to_owned()),
            ]
        }
        Ask::AddDeputy {
            post: id,
            person,
            term: days,
            rank,
            scope,
        } => vec![
            ("代理をする職員", who(person)),
            ("代理される役職", post(roster, *id)),
            ("順位", format!("第{rank}順位")),
            ("期間", term(days, today)),
            ("範囲", scope.clone()),
        ],
        Ask::ExtendContract {
            organisation: id,
            to,
        } => {
            let known = roster.organisations.get(id);
            let end = known.and_then(|o| o.contract.to).map(day);
            vec![
                ("受託者", organisation(roster, *id)),
                ("いまの契約の最終日", end.unwrap_or_default()),
                ("新しい最終日", day(*to)),
            ]
        }
        Ask::Reinstate { person } => {
            let known = roster.persons.get(person);
            let end = known.and_then(|p| p.ends_on).map(day);
            vec![
                ("職員", who(person)),
                ("登録されている最終日", end.unwrap_or_default()),
                (
                    "そのあと",
                    "役職には、あらためて二人操作で就けます。".to_owned(),
                ),
            ]
        }
        Ask::Invite { person } => vec![
            ("職員", who(person)),
            ("そのあと", "1回だけ使えるリンクが、同意した人に表示されます。".to_owned()),
        ],
        Ask::ResetCredentials { person } => vec![
            ("職員", who(person)),
            (
                "使えなくなるもの",
                "パスワード、認証アプリ、回復コード、すべてのパスキーと、開いているサインイン".to_owned(),
            ),
            ("そのあと", "1回だけ使えるリンクが、同意した人に表示されます。".to_owned()),
        ],
        Ask::AddPasskeyForChief { person } => vec![
            ("職員", who(person)),
            (
                "そのあと",
                "1回だけ、パスキーの登録だけに使えるリンクが、同意した人に表示されます。加えたパスキーで緊急配信に同意できるのは、24時間後からです。".to_owned(),
            ),
        ],
        Ask::SettlePasskey {
            person,
            enrolled_at,
            ..
        } => vec![
            ("職員", who(person)),
            ("パスキー", format!(
                    "{} {}に登録したもの",
                    times::day(date_in_japan(*enrolled_at), today),
                    times::hour(*enrolled_at)
                )),
            (
                "確かめること",
                "本人がその場で登録するのを、申請する人も同意する人も見たこと".to_owned(),
            ),
            (
                "そのあと",
                "登録から24時間を待たずに、緊急配信に同意・送信できます。".to_owned(),
            ),
        ],
        Ask::Entrust { section, subject } => {
            let name = roster.sections.get(section).map(|s| s.name.clone());
            vec![
                ("課", name.unwrap_or_default()),
                ("担当する内容", self::subject(*subject).to_owned()),
                (
                    "できるようになること",
                    "この課の課長と担当者が、住民に見える内容を変えられます。".to_owned(),
                ),
            ]
        }
    }
}

/// What a section may look after.
pub fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Answers => "よくある質問",
        Subject::Garbage => "ごみの収集日",
        Subject::Childcare => "妊娠・子育て",
        Subject::Shelters => "避難所の開設状況",
    }
}

/// What became of a request, with the colour of its chip.
pub fn outcome(outcome: Option<Outcome>) -> (&'static str, &'static str) {
    match outcome {
        None => ("もう一人を待っています", "warning"),
        Some(Outcome::Agreed) => ("同意・実行済み", "success"),
        Some(Outcome::Declined) => ("不同意", "error"),
        Some(Outcome::Withdrawn) => ("取り下げ", "plain"),
        Some(Outcome::Expired) => ("時間切れ", "plain"),
    }
}

/// Why a telephone number was not taken.
pub fn wrong_telephone(why: InvalidTelephone) -> &'static str {
    match why {
        InvalidTelephone::Form => {
            "電話番号は、0から始まる10桁か11桁の数字です。市外局番から入力してください。例：090-1234-5678"
        }
        InvalidTelephone::Abroad => "日本の電話番号（国番号81）を入力してください。",
        InvalidTelephone::Service => {
            "フリーダイヤルなどの番号には呼び出しをかけられません。本人が出る電話の番号を入力してください。"
        }
    }
}

/// What is wrong with a word about a person.
pub fn invalid(word: InvalidWord) -> &'static str {
    match word {
        InvalidWord::Number => "職員番号は、英数字とハイフンで20字までです。例：20417",
        InvalidWord::Name => "名前は1字から60字までで、改行は使えません。",
        InvalidWord::Mail => {
            "メールアドレスの形が正しくありません。例：hanako@city.example.jp（254字まで）"
        }
    }
}

/// Why somebody cannot be given a post or a deputy's place.
pub fn unfit(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::NoSuchPerson => "職員を選んでください。",
        Unfit::NoSuchPost => "役職を選んでください。",
        Unfit::NoSuchOrganisation => "受託者を選んでください。",
        Unfit::NoSuchSection => "課を選んでください。",
        Unfit::Entrusted => "この課は、もうこの内容を担当しています。",
        Unfit::Closed => "この役職、またはその課は廃止されています。",
        Unfit::NotInService => {
            "この期間には、在職していない日があります。最終日や契約の期間を確かめてください。"
        }
        Unfit::OtherOrganisation => {
            "市の職員は市の役職に、受託者の人は自分の会社の役職にだけ就けます。"
        }
        Unfit::Occupied => {
            "この期間には、ほかの人がこの役職に就いています。先にその人の任命の最終日を決めてください。"
        }
        Unfit::Already => "この職員は、この期間にもうこの役職に就いています。",
        Unfit::AdministratorAndChief => {
            "システム管理者は、課長にもその代理にもなれません。登録する人と決裁する人を分けるためです。"
        }
        Unfit::BothSides => {
            "広報課の側とほかの課の側の両方で決裁する人になってしまいます。別の職員を選んでください。"
        }
        Unfit::NotAChief => "代理を置けるのは課長の役職だけです。",
        Unfit::TooLong => {
            "臨時の代理は31日までです。長くなるときは常設の順位として登録してください。"
        }
        Unfit::Rank => "順位は1から99までの数字です。",
        Unfit::NoDays => "最終日が初日より前になっています。日付を確かめてください。",
        Unfit::NotLonger => "いまの最終日より後の日を選んでください。短くするのは一人でできます。",
        Unfit::NotLeaving => "この職員には、取り消す最終日がありません。",
    }
}

/// The field of a form that [`unfit`] speaks about.
pub fn unfit_field(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::NoSuchPerson | Unfit::NotLeaving => "person",
        Unfit::TooLong | Unfit::NoDays | Unfit::NotLonger => "to",
        Unfit::NotInService => "from",
        Unfit::Rank => "rank",
        Unfit::NoSuchSection | Unfit::Entrusted => "subject",
        _ => "post",
    }
}

/// Why nothing was done, for its reader; what the database says is nobody's to read.
pub fn why(error: PeopleError) -> Result<&'static str, Refusal> {
    Ok(match error {
        PeopleError::Unfit(reason) => unfit(reason),
        PeopleError::Missing(_) => {
            "もう終わっているか、ほかの人が先に変えています。いまの状態を確かめてください。"
        }
        PeopleError::Changed => {
            "画面を開いたあとで、ほかの人が変えています。いまの内容を確かめて、もう一度入力してください。"
        }
        PeopleError::Taken(_) => "同じものがもう登録されています。",
        PeopleError::Longer => {
            "いま決まっている最終日より後になります。延ばすには、二人操作であらためて登録します。"
        }
        PeopleError::LastAdministrators => {
            "システム管理者の役職は、最後の一つを廃止できません。だれも管理できなくなります。"
        }
        PeopleError::Oneself => {
            "自分の登録内容は、自分では直せません。ほかのシステム管理者に頼んでください。"
        }
        PeopleError::Misplaced => "この種類の役職は、そこには置けません。",
        PeopleError::WithItsSection => {
            "課長の役職だけを廃止することはできません。課とともに廃止されます。"
        }
        PeopleError::Unnamed => invalid(InvalidWord::Name),
        PeopleError::Db(error) => return Err(error.into()),
    })
}

/// Why a request did not go on, likewise.
pub fn why_not_agreed(error: CountersignError) -> Result<String, Refusal> {
    let words = match error {
        CountersignError::NotEntitled => {
            "申請した人か決める人に、この操作の権限がありません。申請より後に得た権限では決められません。"
        }
        CountersignError::SamePerson => {
            "自分が申請したことには、自分では同意できません。ほかの人に頼んでください。"
        }
        CountersignError::NotTheirs => "取り下げられるのは、申請した人だけです。",
        CountersignError::Missing => "この申請はありません。",
        CountersignError::Decided(became) => {
            let (label, _) = outcome(Some(became));
            return Ok(format!(
                "この申請はもう決まっています（{label}）。何も変えていません。"
            ));
        }
        CountersignError::NoReason => "理由を1字から500字までで書いてください。",
        CountersignError::NoSuchPasskey => {
            "そのパスキーは取り消されたか、もう緊急配信に使えます。職員のページを開きなおしてください。"
        }
        CountersignError::InAlready => {
            "この職員は、もうサインインできます。手段をなくしたときは「サインインの手段を再設定する」を申請してください。"
        }
        CountersignError::Account(error) => return Err(error.into()),
        CountersignError::People(error) => why(error)?,
        CountersignError::Db(error) => return Err(error.into()),
    };
    Ok(words.to_owned())
}
