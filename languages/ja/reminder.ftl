garbage-reminder-missing = { $date }は、{ $categories }の収集がありません。
garbage-reminder-other-day = { $categories }は、いつもと違う日の収集です。
reminder-change-hour = 時刻を変える・止める
reminder-stop-children = お子さんの知らせを全て止める
