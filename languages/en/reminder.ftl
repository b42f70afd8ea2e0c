garbage-reminder-missing = { $date }: no collection of { $categories }.
garbage-reminder-other-day = { $categories }: collected on another day than usual.
reminder-change-hour = Change hour or stop
reminder-stop-children = Stop child notices
