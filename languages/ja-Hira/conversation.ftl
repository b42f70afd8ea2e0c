help =
    { $account }で できること

    ・「明日のごみは？」… ごみの日
    ・「ペットボトル」… ごみの 分け方
    ・「防災」… 近くの 逃（に）げる ところ
    ・「住民票」… 市役所の 手続き
    ・「わたしの登録」… 見る、変える、消す
help-button = できること
today = 今日の ごみ
tomorrow = 明日の ごみ
this-week = 今週の ごみ
other-area = ほかの ところ
other-area-ask =
    どこの ごみの日を 調べますか。町の 名前を 送っても いいです。
    登録は 変わりません。
where-do-you-live = 住んでいる ところが わかると、ごみの日を 答えられます。
sorting-button = 分け方を 調べる
sorting-help = 捨（す）てたい 物の 名前を 送って ください。（例：ペットボトル、電池、ふとん）
near-misses = この中に ありますか。
disaster-button = 防災（ぼうさい）
disaster =
    【防災（ぼうさい）】
    { $headline }

    いまいる ところを 送ると、近くの 逃げる ところを 知らせます。
    あぶない ときは、すぐに 高い ところ、安全な ところへ 行って ください。
    火事・救急車は 119、警察は 110 です。

    市の サイトも 見て ください。
    { $site }
evacuation-button = 逃げる お知らせ
evacuation-site = 市の サイトも 見て ください。{ $site }
inquiry-button = 聞く ところ
inquiry =
    { $window }
    電話 { $telephone }（{ $hours }）
    { $form } { $opinions }
opinions-form = 意見を 送る ところ
opinions-only =
    ここでは、メッセージに 返事を していません。
    意見や 質問は、ここに 送って ください。

    { $form } { $opinions }
counter-closed = いまは、休みの 時間です。
counter-holiday = きょうは 休みの 日です（{ $holiday }）。
counter-year-end = 12月29日から 1月3日までは 休みです。
counter-exception = きょうは 休みです（{ $reason }）。
counter-next = 次（つぎ）は、{ $date } { $time }から 開きます。
thanks = どういたしまして。また 話しかけて ください。
own-line-linked = この LINEに、職員（しょくいん）の ためし送りが 届きます。やめるときは、職員の 画面の「自分の設定」を 開いて ください。
own-line-unknown = この 番号は 使えません。職員の 画面の「自分の設定」で 新しい 番号を 出して、10分の あいだに 送って ください。
cannot-answer =
    すみません。ここでは 答えられません。
    ここに 聞いて ください。

    { $window }
cannot-answer-selective =
    すみません。自動（じどう）では 答えられません。
    市から 返事を することが あります。返事を しないことも あります。
    急ぐ ときは、ここに 聞いて ください。

    { $window }
of-area = 【{ $area }】
loss =
    つらい ときに、ありがとうございます。
    下の ボタンを 押すと、子どもや 妊娠（にんしん）の お知らせを ぜんぶ やめます。理由は 聞きません。

    相談（そうだん）は ここへ どうぞ。
    { $window }
words-only =
    スタンプや 写真は わかりません。
    知りたいことを ことばで 送って ください。
where-now = あなたの 地区は、いまは ありません。もう一度 えらんで ください。
