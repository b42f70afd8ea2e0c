garbage-reminder-missing = { $date }は、{ $categories }の収集がありません。
garbage-reminder-other-day = { $categories }は、いつもと違う日の収集です。
