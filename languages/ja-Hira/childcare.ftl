childcare-notice = 【{ $title }】
childcare-notice-fixed = この 時（とき）に なりました。母子健康手帳（ぼしけんこうてちょう）を 見て ください。わからない ときは、市に 聞いて ください。
childcare-month = { $year }年{ $month }月
childcare-window = いつ：{ $from }から { $until }まで
childcare-window-from = いつ：{ $from }から
childcare-window-until = いつ：{ $until }まで
childcare-birthday = { $year }年{ $month }月{ $day }日
childcare-session =
    いつ：{ $day }
    どこ：{ $place }
    だれ：{ $from }から { $until }までに 生（う）まれた 子（こ）ども
