greeting =
    This is { $account }. Thank you for adding us.
    We bring you collection days, sorting help, disaster and childcare information.

    Operated by { $municipality } ({ $section })
    Operating policy:
    { $policy }
purposes-title = First, five questions
purposes-free = Answer as few as you like. On the right: what for.
purpose-area = collection days and local news
purpose-reminder = sent at the hour you choose
purpose-topics = only what you choose is sent
purpose-children = check-up and vaccination notices (we ask for months only)
purpose-language = answers in yours
purposes-promise =
    We hold your answers and the LINE number (user ID) we reply to; no name, no picture. We use them for nothing else.
    See, change or erase everything under "My registration" at any time. If you block us, all is erased after { $days } days.
agree-and-register = Agree and register
later = Later
welcome-back = Welcome back to { $account }. Your registration is as you left it.
not-consented = You have not registered yet.
consented = Agreed: { $date } (policy { $version })
continue-registration = Go on registering
registered =
    You are registered.
    Ask us any time, for example "garbage tomorrow" or "ペットボトル".
back = Back
skip = Next, no answer
leave-as-is = Leave as it is
next-page = More ▶
left-off = All right. Write to us whenever you like.
none = Nothing registered
not-answered = Not answered
list-separator = {", "}
my-registration = My registration
add = Add
change = Change
change-item = Change: { $item }
remove = Remove
remove-item = Remove: { $item }
removed = Removed.
old-button =
    That button is too old to be used.
    Please try again from the menu or in words.

item-area = Where you live
item-reminder = Collection reminder
item-topics = Topics
item-children = Children
item-language = Language
item-letters = Menu text

area-ask-district =
    Choose your district.
    You can also type part of your neighbourhood's name.
area-ask = Choose where you live.
area-ask-in =
    Choose your neighbourhood in { $district }.
    You can also type part of its name.
area-ask-kana = With which row of kana does your neighbourhood's name begin?
area-by-kana = By first kana
area-kana-row = { $row } row
area-found =
    { $count ->
        [one] One neighbourhood matches "{ $words }". Please choose.
       *[other] { $count } neighbourhoods match "{ $words }". Please choose.
    }
area-none-found =
    No neighbourhood matches "{ $words }".
    Type part of its name (hiragana will do), or choose below.
area-other-district = Other districts
area-outside = Outside the city
area-rather-not-say = Rather not say
area-noted = You live in { $area }.
area-outside-noted = Noted: outside the city. Local notices will not be sent.

reminder-ask = When shall we remind you of collection days?
reminder-before = Day before, { $time }
reminder-same = Same day, { $time }
reminder-never = No reminders
reminder-noted = We will remind you: { $when }.
reminder-noted-never = No collection reminders will be sent.

topics-ask =
    Choose the topics you want to hear of, as many as you like.
    Emergency messages reach you whatever you choose.
topics-ask-more =
    Chosen: { $chosen }
    Choose more, or tap again to leave one out.
topics-done = That's all
topics-nothing = None of these
topics-noted = Your topics: { $chosen }.
topics-noted-nothing = No topics will be sent.

children-ask =
    Do you have children? We will tell you when check-ups and vaccinations come.
    Choose the month of birth, or the due month. Any day will do: only year and month are kept.
children-none = None
children-done = That's all
child-add-birth = Add month of birth
child-add-due = Add due month
child-born = Born { $month-name } { $year }
child-due = Due { $month-name } { $year }
child-noted =
    Registered: { $child }.
    Anyone else?
child-noted-already =
    { $child } is already registered. One entry serves twins.
    Anyone else?
child-still-useful =
    You can still have:
    { $lines }
child-still-useful-line = - { $title } (until { $until })
child-month-odd =
    That month cannot be registered.
    Months of birth go up to this month, due months from this month to ten months ahead.
child-remove = Remove: { $child }
child-removed = Removed. Nothing more will be sent about this child.
children-stop = Stop all child notices
children-stopped = All notices about pregnancy and children have been stopped, and the entries erased.

language-ask = ことばを選んでください。 Choose your language.
language-noted = We will answer in English.
letters-ask = Choose how large the text of the menu below is.
letters-large = Large text
letters-usual = Usual text
letters-noted = The menu now shows: { $letters }.

erase-all = Erase everything
erase-question = This erases all you registered. It cannot be undone. Erase?
erase-yes = Erase everything
erase-no = Keep
erased =
    Everything has been erased. The city holds nothing about you any more.
    We still answer questions about garbage and disasters.
kept = Your registration is unchanged.
register = Register
area-gone = Your area has changed; please choose again
children-many = No more can be registered. Remove what you do not need under "My registration".
