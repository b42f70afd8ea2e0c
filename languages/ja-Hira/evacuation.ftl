evacuation-heading = 【逃（に）げる ための お知らせ（避難情報）】{ $when }
evacuation-when = { $date } { $time }
evacuation-none =
    いま、「逃げて ください」の お知らせは 出ていません。
    お知らせが なくても、あぶないと 思ったら、すぐに 安全な ところへ 行って ください。
evacuation-home = ▼あなたが 住んでいる ところ（{ $area }）
evacuation-home-none = あなたが 住んでいる ところ（{ $area }）には、お知らせは 出ていません。
evacuation-since = 「{ $level }」が 出ています（{ $when } から）
evacuation-in-town = ▼市の お知らせ
evacuation-everywhere-known = ▼いま 出ている お知らせ
evacuation-places = ■{ $level }：{ $places }
evacuation-whole-town = 全部（ぜんぶ）の ところ
evacuation-whole = { $district }（全部）
evacuation-more = ほかに { $count }か所
evacuation-level-3 = 警戒レベル3 高齢者等避難（時間が かかる 人は 逃げる）
evacuation-level-4 = 警戒レベル4 避難指示（全員 逃げる）
evacuation-level-5 = 警戒レベル5 緊急安全確保（すぐに 命を まもる）
evacuation-level-order = 避難指示（すぐに 逃げる）
evacuation-do-3 = お年寄り、体の 不自由な 人、小さい 子どもが いる 人は、あぶない ところから 逃げて ください。ほかの 人も、逃げる 準備を して ください。
evacuation-do-4 = あぶない ところに いる 人は、全員 すぐに 逃げて ください。外が あぶない ときは、近くの 安全な ところや、建物の 高い ところへ 行って ください。
evacuation-do-5 = 死ぬ 危険が あります。すぐに、いまいる 建物の 高い ところや、がけから 遠い 部屋へ 行って、命を まもって ください。
evacuation-do-order = すぐに 逃げて ください。津波（つなみ）の ときは、海や 川から はなれて、高い ところへ 行って ください。津波は 何回も 来ます。「もう だいじょうぶ」と 聞くまで、もどらないで ください。
evacuation-headline-home = あなたが 住んでいる ところに「{ $level }」が 出ています。
evacuation-headline-town = 市の どこかに「{ $level }」が 出ています。
evacuation-headline-none = 「逃げて ください」の お知らせは 出ていません（{ $when }）。
