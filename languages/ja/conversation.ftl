help =
    { $account }でできること

    ・「明日のごみは？」… 収集日
    ・「ペットボトル」… 分別の調べ方
    ・「防災」… 近くの避難場所
    ・「住民票」… 手続きの質問
    ・「わたしの登録」… 見る・変える・消す
help-button = できること
today = 今日のごみ
tomorrow = 明日のごみ
this-week = 今週のごみ
other-area = ほかの地区
other-area-ask =
    どの地区のごみの日を調べますか。町名を送っても探せます。
    今回だけ使い、登録は変わりません。
where-do-you-live = お住まいの地区がわかると、ごみの日をお答えできます。
sorting-button = 分別を調べる
sorting-help = 捨てたい物の名前を送ってください。（例：ペットボトル、乾電池、布団）
near-misses = もしかして、この中にありますか。
disaster-button = 防災
disaster =
    【防災】
    { $headline }

    位置情報を送ると、近くの避難場所をお知らせします。
    命の危険を感じたら、ためらわず高い場所・安全な場所へ。火事・救急は119、警察は110へ。

    くわしくは市のサイトを見てください。
    { $site }
evacuation-button = 避難情報
evacuation-site = くわしくは市のサイトを見てください。{ $site }
inquiry-button = 問い合わせ先
inquiry =
    { $window }
    電話 { $telephone }（{ $hours }）
    { $form } { $opinions }
opinions-form = ご意見・ご提案
opinions-only =
    このアカウントでは、送っていただいたメッセージにお返事をしていません。
    ご意見・お問い合わせは、こちらで受け付けています。

    { $form } { $opinions }
counter-closed = いまは受付時間外です。
counter-holiday = 今日は祝日・休日（{ $holiday }）のため、窓口はお休みです。
counter-year-end = 年末年始（12月29日〜1月3日）は、窓口はお休みです。
counter-exception = 今日は{ $reason }のため、窓口はお休みです。
counter-next = 次は{ $date } { $time }から受け付けます。
thanks = どういたしまして。いつでも話しかけてください。
own-line-linked = このLINEを、職員の試し送りの届け先にしました。外すときは、職員の画面の「自分の設定」を開いてください。
own-line-unknown = この番号は使えません。職員の画面の「自分の設定」で新しい番号を出し、10分以内に送ってください。
cannot-answer =
    すみません、ここではお答えできません。
    お困りのことは、こちらへお問い合わせください。

    { $window }
cannot-answer-selective =
    すみません、自動ではお答えできません。
    市からお返事することもありますが、すべてのメッセージにお返事するものではありません。
    お急ぎのときは、こちらへお問い合わせください。

    { $window }
of-area = 【{ $area }】
loss =
    おつらいなか、ご連絡くださりありがとうございます。
    下のボタンひとつで、妊娠・お子さんについてのお知らせをすべて止められます。理由はうかがいません。

    手続きやご相談は、こちらへどうぞ。
    { $window }
words-only =
    スタンプや写真の中身は、読み取ることができません。
    知りたいことを言葉で送ってください。
where-now = 登録の地区は、いまの地区の分け方にありません。お手数ですが、選び直してください。
