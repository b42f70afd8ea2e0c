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
