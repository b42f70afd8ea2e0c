help =
    What { $account } can do

    ・"garbage tomorrow" – collection days
    ・"ペットボトル" – how to sort (names in Japanese)
    ・"disaster" – shelters near you
    ・"住民票" – procedures (in Japanese)
    ・"my registration" – see, change, erase
help-button = What can I ask?
today = Garbage today
tomorrow = Garbage tomorrow
this-week = Garbage this week
other-area = Another area
other-area-ask =
    Which area's collection days? You can also type its name.
    Used this once; your registration stays as it is.
where-do-you-live = Tell us your area and we can tell you its collection days.
sorting-button = How to sort
sorting-help = Send the name of the thing you want to throw away, in Japanese if you can (ペットボトル, 電池).
near-misses = Is it one of these?
disaster-button = Disaster
disaster =
    Disaster information
    { $headline }

    Send your location and we will name the emergency sites near you.
    If you feel your life is in danger, go to high or safe ground at once. Fire and ambulance: 119. Police: 110.

    See the city's site for more.
    { $site }
evacuation-button = Evacuation orders
evacuation-site = See the city's site for more: { $site }
inquiry-button = Contact
inquiry =
    { $window }
    Telephone { $telephone } ({ $hours })
    { $form } { $opinions }
opinions-form = Opinions
opinions-only =
    This account does not reply to messages.
    Opinions and questions are taken here:

    { $form } { $opinions }
counter-closed = The office is closed now.
counter-holiday = The office is closed today, a public holiday ({ $holiday }).
counter-year-end = The office is closed from 29 December to 3 January.
counter-exception = The office is closed today ({ $reason }).
counter-next = It opens next on { $date } at { $time }.
thanks = You are welcome. Write to us any time.
own-line-linked = Test messages for staff will arrive in this chat. To end this, open 自分の設定 on the staff pages.
own-line-unknown = This code cannot be used. Get a new one under 自分の設定 on the staff pages and send it within 10 minutes.
cannot-answer =
    Sorry, this cannot be answered here.
    Please ask:

    { $window }
cannot-answer-selective =
    Sorry, this cannot be answered automatically.
    The city may write back to some messages, but not to all of them.
    If it is urgent, please ask:

    { $window }
of-area = { $area }:
loss =
    Thank you for writing to us at such a hard time.
    One tap on the button below stops every notice about pregnancy and children. No reason is asked.

    For procedures or someone to talk to:
    { $window }
words-only =
    Stickers and pictures cannot be read here.
    Please ask in words.
where-now = The area you registered is no longer one of the city's. Please choose again.
