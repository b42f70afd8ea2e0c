childcare-notice = [{ $title }]
childcare-notice-fixed = The time for this has come. See your Mother and Child Handbook, or ask the city.
childcare-month = { $year }-{ $month }
childcare-window = When: { $from } to { $until }
childcare-window-from = When: from { $from }
childcare-window-until = When: until { $until }
childcare-birthday = { $year }-{ $month }-{ $day }
childcare-session =
    When: { $day }
    Where: { $place }
    For children born from { $from } to { $until }
