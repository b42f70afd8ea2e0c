garbage-and = {", "}

garbage-today = Today, { $date }: { $categories }.
garbage-today-none = Nothing is collected today, { $date }.
garbage-tomorrow = Tomorrow, { $date }: { $categories }.
garbage-tomorrow-none = Nothing is collected tomorrow, { $date }.
garbage-on = { $date }: { $categories }.
garbage-on-none = Nothing is collected on { $date }.
garbage-week = Collections in the next seven days:
garbage-week-line = { $date }: { $categories }
garbage-week-none = Nothing is collected in the next seven days.
garbage-next = { $category }: next collected on { $date }.
garbage-next-none = { $category }: no date has been set yet.
garbage-which-category = Which kind of garbage do you mean?
garbage-remark = { $category }: { $remark }
garbage-no-calendar = There is no collection calendar for your area yet.

garbage-sorting = “{ $item }” goes into “{ $label }”.
garbage-near = “{ $asked }” is not in the list. Is it one of these?
garbage-unknown = “{ $asked }” is not in the sorting dictionary.
