greeting =
    { $account }です。友だちに なってくれて、ありがとうございます。
    ごみの日、ごみの 分け方、防災（ぼうさい）、子どもの ことを お知らせします。

    つくっている ところ：{ $municipality } { $section }
    きまり（運用ポリシー）：
    { $policy }
purposes-title = はじめに、5つ 聞きます
purposes-free = 答えなくても いいです。右は、何のために 聞くかです。
purpose-area = ごみの日と 近くの ことの お知らせ
purpose-reminder = えらんだ 時間に お知らせ
purpose-topics = えらんだ ことだけの お知らせ
purpose-children = 健診（けんしん）や 注射（ちゅうしゃ）の お知らせ（月だけ 聞きます）
purpose-language = あなたの ことばで 返事
purposes-promise =
    市が 持つのは、あなたの 答えと LINEの 番号（ユーザーID）だけです。名前や 写真は もらいません。このためだけに 使います。
    「わたしの登録」で、いつでも 見ること、変えること、消すことが できます。ブロックすると、{ $days }日あとに ぜんぶ 消します。
agree-and-register = わかりました。登録する
later = あとで
welcome-back = おかえりなさい。{ $account }です。登録は 前の ままです。
not-consented = まだ 登録していません。
consented = 同意した日：{ $date }（きまり { $version }）
continue-registration = 登録の つづき
registered =
    登録が おわりました。
    「明日のごみは？」「ペットボトル」と 送って ください。
back = もどる
skip = 答えないで 次へ
leave-as-is = そのままに する
next-page = 次を 見る ▶
left-off = わかりました。また 話しかけて ください。
none = 何も ありません
not-answered = 答えていません
list-separator = 、
my-registration = わたしの登録
add = 入れる
change = 変える
change-item = { $item }を 変える
remove = 消す
remove-item = { $item }を 消す
removed = 消しました。
old-button =
    この ボタンは 古いので、使えませんでした。
    下の メニューか ことばで、もう一度 やって ください。

item-area = 住んでいる ところ
item-reminder = ごみの日の お知らせ
item-topics = 知りたいこと
item-children = 子ども
item-language = ことば
item-letters = メニューの 文字

area-ask-district =
    住んでいる 地域（ちいき）を えらんで ください。
    町の 名前を ひらがなで 送っても いいです。
area-ask = 住んでいる ところを えらんで ください。
area-ask-in =
    「{ $district }」の 中から えらんで ください。
    町の 名前を 送っても いいです。
area-ask-kana = 町の 名前の はじめの 文字は どれですか。
area-by-kana = ひらがなで えらぶ
area-kana-row = { $row }行
area-found = 「{ $words }」は { $count }つ あります。えらんで ください。
area-none-found =
    「{ $words }」が 見つかりません。
    町の 名前を ひらがなで 送るか、下から えらんで ください。
area-other-district = ほかの 地域から えらぶ
area-outside = この市では ない
area-rather-not-say = 答えない
area-noted = 住んでいる ところを「{ $area }」に しました。
area-outside-noted = 「この市では ない」に しました。地域の お知らせは 送りません。

reminder-ask = ごみの日の お知らせは、いつが いいですか。
reminder-before = 前の日 { $time }
reminder-same = その日 { $time }
reminder-never = いらない
reminder-noted = ごみの日は「{ $when }」に 知らせます。
reminder-noted-never = ごみの日の お知らせは 送りません。

topics-ask =
    知りたいことを えらんで ください。いくつでも いいです。
    地震（じしん）や 大雨などの 大切な お知らせは、えらばなくても 届きます。
topics-ask-more =
    えらんだもの：{ $chosen }
    もっと えらべます。もう一度 押すと なくなります。
topics-done = これで いい
topics-nothing = なにも いらない
topics-noted = 知りたいことは「{ $chosen }」です。
topics-noted-nothing = お知らせは 送りません。

children-ask =
    子どもが いますか。健診（けんしん）や 注射（ちゅうしゃ）の 時期を 知らせます。
    生まれた 月か、生まれる 予定の 月を えらんで ください。日は どれでも いいです。
children-none = いない
children-done = これで ぜんぶ
child-add-birth = 生まれた 月を 入れる
child-add-due = 生まれる予定の 月を入れる
child-born = { $year }年{ $month }月に 生まれた
child-due = { $year }年{ $month }月に 生まれる予定
child-noted =
    「{ $child }」を 登録しました。
    ほかにも いますか。
child-noted-already =
    「{ $child }」は もう 登録しています。ふたごは 1つで いいです。
    ほかにも いますか。
child-still-useful =
    いまからでも 間(ま)に合うもの
    { $lines }
child-still-useful-line = ・{ $title }（{ $until }まで）
child-month-odd =
    その 月は 登録できません。
    生まれた 月は 今月まで、生まれる 予定の 月は 今月から 10か月あとまでを えらんで ください。
child-remove = { $child }を 消す
child-removed = 消しました。この子の お知らせは 送りません。
children-stop = 子どもの お知らせを やめる
children-stopped = 子どもや 妊娠（にんしん）の お知らせを ぜんぶ やめました。登録も 消しました。

language-ask = ことばを えらんで ください。 Choose your language.
language-noted = やさしい日本語で 答えます。
letters-ask = 下の メニューの 文字の 大きさを えらんで ください。
letters-large = 大きな 文字
letters-usual = ふつうの 文字
letters-noted = メニューを「{ $letters }」に します。

erase-all = ぜんぶ 消す
erase-question = 登録を ぜんぶ 消します。もとに もどせません。いいですか。
erase-yes = ぜんぶ 消す
erase-no = やめる
erased =
    登録を ぜんぶ 消しました。市は あなたの 情報を 持っていません。
    ごみや 防災の 質問には、これからも 答えます。
kept = 登録は そのままです。
register = 登録を はじめる
area-gone = 地区が 変わりました。もう一度 えらんで ください
children-many = もう 登録できません。「わたしの登録」で いらない ものを 消して ください。
