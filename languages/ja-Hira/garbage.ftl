garbage-date = { $month }月{ $day }日({ $weekday })
garbage-and = 、

garbage-today = きょう { $date }は、{ $categories }の 日です。
garbage-today-none = きょう { $date }は、ごみを 集(あつ)めません。
garbage-tomorrow = あした { $date }は、{ $categories }の 日です。
garbage-tomorrow-none = あした { $date }は、ごみを 集(あつ)めません。
garbage-on = { $date }は、{ $categories }の 日です。
garbage-on-none = { $date }は、ごみを 集(あつ)めません。
garbage-week = これから 1週間(いっしゅうかん)の ごみの 日です。
garbage-week-none = これから 1週間(いっしゅうかん)は、ごみを 集(あつ)めません。
garbage-next = { $category }の 次(つぎ)の 日は、{ $date }です。
garbage-next-none = { $category }の 日は、まだ 決(き)まって いません。
garbage-which-category = どの ごみの 日を 知(し)りたいですか。
garbage-no-calendar = あなたの 地区(ちく)の ごみの 日は、まだ わかりません。

garbage-sorting = 「{ $item }」は 「{ $label }」です。
garbage-near = 「{ $asked }」は ありませんでした。この 中(なか)に ありますか。
garbage-unknown = 「{ $asked }」の 捨(す)て方(かた)は、わかりませんでした。
garbage-week-line = { $date } { $categories }
garbage-remark = { $category }: { $remark }

weekday-mon = 月
weekday-tue = 火
weekday-wed = 水
weekday-thu = 木
weekday-fri = 金
weekday-sat = 土
weekday-sun = 日

month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月
