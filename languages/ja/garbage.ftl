garbage-date = { $month }月{ $day }日({ $weekday })
garbage-and = 、

garbage-today = 今日{ $date }は、{ $categories }の収集日です。
garbage-today-none = 今日{ $date }は、ごみの収集はありません。
garbage-tomorrow = 明日{ $date }は、{ $categories }の収集日です。
garbage-tomorrow-none = 明日{ $date }は、ごみの収集はありません。
garbage-on = { $date }は、{ $categories }の収集日です。
garbage-on-none = { $date }は、ごみの収集はありません。
garbage-week = これから1週間の収集日です。
garbage-week-line = { $date } { $categories }
garbage-week-none = これから1週間は、ごみの収集はありません。
garbage-next = { $category }の次の収集日は、{ $date }です。
garbage-next-none = { $category }の収集日は、まだ決まっていません。
garbage-which-category = どのごみの収集日をお調べしますか。
garbage-remark = { $category }: { $remark }
garbage-no-calendar = お住まいの地区の収集日は、まだ登録されていません。

garbage-sorting = 「{ $item }」は「{ $label }」です。
garbage-near = 「{ $asked }」は見つかりませんでした。この中にありますか。
garbage-unknown = 「{ $asked }」は、分別辞典にありません。

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
