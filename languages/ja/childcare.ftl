childcare-notice = 【{ $title }】
childcare-notice-fixed = この時期になりました。くわしくは母子健康手帳をご覧になるか、市の窓口へお問い合わせください。
childcare-month = { $year }年{ $month }月
childcare-window = 時期のめやす：{ $from }〜{ $until }
childcare-window-from = 時期のめやす：{ $from }から
childcare-window-until = 時期のめやす：{ $until }まで
childcare-birthday = { $year }年{ $month }月{ $day }日
childcare-session =
    とき：{ $day }
    ところ：{ $place }
    対象：{ $from }から{ $until }までに生まれたお子さん
