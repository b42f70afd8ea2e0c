garbage-reminder-missing = { $date }は、{ $categories }を 集(あつ)めません。
garbage-reminder-other-day = { $categories }は、いつもと ちがう 日に 集(あつ)めます。
reminder-change-hour = 時間（じかん）・やめる
reminder-stop-children = 子どもの お知らせを やめる
