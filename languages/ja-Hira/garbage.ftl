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
