garbage-date = { $weekday }, { $day } { $month-name }
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

weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun

month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
