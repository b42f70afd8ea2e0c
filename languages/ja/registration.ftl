greeting =
    { $account }です。友だち追加ありがとうございます。
    ごみの日、分別、防災、子育てなど、くらしの情報をお届けします。

    運営：{ $municipality } { $section }
    運用ポリシー：
    { $policy }
purposes-title = はじめに、5つうかがいます
purposes-free = どれも答えなくてかまいません。右は、うかがう目的です。
purpose-area = ごみの日と地区のお知らせ
purpose-reminder = 選んだ時刻にお届け
purpose-topics = 選んだ分野だけをお届け
purpose-children = 健診や予防接種のお知らせ（月だけうかがいます）
purpose-language = 選んだことばでお返事
purposes-promise =
    お預かりするのは、ここでの答えとLINEの番号（ユーザーID）だけです。お名前や写真は受け取らず、ほかの目的には使いません。
    「わたしの登録」でいつでも見る・変える・消すことができ、ブロックされたときは{ $days }日後にすべて消します。
agree-and-register = 同意して登録する
later = あとで
welcome-back = おかえりなさい。{ $account }です。登録は前のまま残っています。
not-consented = まだ登録していません。
consented = 同意：{ $date }（ポリシー { $version }）
continue-registration = 登録のつづき
registered =
    登録が終わりました。
    「明日のごみは？」「ペットボトル」のように、いつでも話しかけてください。
back = もどる
skip = 答えずに次へ
leave-as-is = そのままにする
next-page = つぎを見る ▶
left-off = わかりました。また必要なときに声をかけてください。
none = 登録なし
not-answered = 答えていません
list-separator = 、
my-registration = わたしの登録
add = 追加する
change = 変える
change-item = { $item }を変える
remove = 消す
remove-item = { $item }を消す
removed = 消しました。
old-button =
    このボタンは古くなっていて、使えませんでした。
    もう一度、下のメニューか言葉でお試しください。

item-area = お住まいの地区
item-reminder = ごみの日のお知らせ
item-topics = 受け取る分野
item-children = お子さん
item-language = ことば
item-letters = メニューの文字

area-ask-district =
    お住まいの地域を選んでください。
    町名やよみがなの一部を送っても探せます。
area-ask = お住まいの地区を選んでください。
area-ask-in =
    「{ $district }」の中から選んでください。
    町名の一部を送っても探せます。
area-ask-kana = 町名の最初の文字はどの行ですか。町名を送っても探せます。
area-by-kana = 五十音から選ぶ
area-kana-row = { $row }行
area-found = 「{ $words }」に合う地区が{ $count }件あります。選んでください。
area-none-found =
    「{ $words }」に合う地区が見つかりませんでした。
    町名の一部（ひらがなでも）を送るか、下から選んでください。
area-other-district = ほかの地域から選ぶ
area-outside = 市外
area-rather-not-say = 答えない
area-noted = お住まいの地区を「{ $area }」にしました。
area-outside-noted = 「市外」にしました。地区のお知らせは送りません。

reminder-ask = ごみの日のお知らせは、いつ届くとよいですか。
reminder-before = 前の日の { $time }
reminder-same = その日の { $time }
reminder-never = お知らせはいらない
reminder-noted = ごみの日は「{ $when }」にお知らせします。
reminder-noted-never = ごみの日のお知らせは送りません。

topics-ask =
    受け取りたい分野を選んでください。いくつでも選べます。
    災害などの緊急のお知らせは、選ばなくても届きます。
topics-ask-more =
    選んだ分野：{ $chosen }
    続けて選べます。もう一度押すと外れます。
topics-done = これで決める
topics-nothing = どれも受け取らない
topics-noted = 受け取る分野は「{ $chosen }」です。
topics-noted-nothing = 分野のお知らせは送りません。

children-ask =
    お子さんはいらっしゃいますか。健診や予防接種の時期をお知らせします。
    生まれた月か、出産予定の月を選んでください。日はどれでもかまいません（残すのは年と月だけです）。
children-none = いない
children-done = これで全部
child-add-birth = 生まれた月を追加
child-add-due = 出産予定の月を追加
child-born = { $year }年{ $month }月生まれ
child-due = { $year }年{ $month }月出産予定
child-noted =
    「{ $child }」を登録しました。
    ほかにもいらっしゃいますか。
child-noted-already =
    「{ $child }」はもう登録されています。ふたごのお子さんは、ひとつの登録で両方にお使いいただけます。
    ほかにもいらっしゃいますか。
child-still-useful =
    いまからでも間に合うもの
    { $lines }
child-still-useful-line = ・{ $title }（{ $until }まで）
child-month-odd =
    その月は登録できませんでした。
    生まれた月は今月まで、出産予定の月は今月から10か月先までで選んでください。
child-remove = { $child }を消す
child-removed = 消しました。このお子さんについてのお知らせは送りません。
children-stop = お子さんの知らせを全て止める
children-stopped = 妊娠・お子さんについてのお知らせをすべて止め、登録も消しました。

language-ask = ことばを選んでください。 Choose your language.
language-noted = 日本語でお返事します。
letters-ask = 下のメニューの文字の大きさを選んでください。
letters-large = 大きな文字
letters-usual = ふつうの文字
letters-noted = メニューを「{ $letters }」で表示します。

erase-all = すべて消す
erase-question = 登録をすべて消します。消すと元に戻せません。よろしいですか。
erase-yes = すべて消す
erase-no = やめる
erased =
    登録をすべて消しました。市には、あなたについての情報は残っていません。
    ごみや防災の質問には、これからもお答えします。
kept = 登録はそのままです。
register = 登録をはじめる
area-gone = 地区が変わりました。選び直してください
children-many = これ以上は登録できません。「わたしの登録」から、要らないものを消してください。
