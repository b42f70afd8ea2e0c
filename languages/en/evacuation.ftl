evacuation-heading = Evacuation information (避難情報) as of { $when }
evacuation-when = { $date }, { $time }
evacuation-none =
    No evacuation order is in force anywhere in the city.
    Even so: if you feel in danger, go to a safe place at once.
evacuation-home = ▼Your area ({ $area })
evacuation-home-none = No evacuation order is in force in your area ({ $area }).
evacuation-since = In force: { $level } (since { $when })
evacuation-in-town = ▼In force in the city
evacuation-everywhere-known = ▼In force now
evacuation-places = ■{ $level }: { $places }
evacuation-whole-town = the whole city
evacuation-whole = { $district } (all of it)
evacuation-more = { $count } more
evacuation-level-3 = Level 3: those who need time, evacuate (高齢者等避難)
evacuation-level-4 = Level 4: everybody in danger, evacuate (避難指示)
evacuation-level-5 = Level 5: save your life now (緊急安全確保)
evacuation-level-order = Evacuate (避難指示)
evacuation-do-3 = Older people, people with disabilities and all who need time: leave dangerous places now. Everybody else: stop what you usually do and get ready to leave.
evacuation-do-4 = Everybody in a dangerous place: leave at once. If the way to a shelter is dangerous, go to a safe place nearby or high up in a building.
evacuation-do-5 = Your life is in danger. Protect yourself now where it is safer, even a little: high up in the building you are in, or in a room away from the cliff.
evacuation-do-order = Leave at once. In a tsunami, get away from the sea and from rivers and go to high ground. The waves come again and again: do not return until the order is lifted.
evacuation-headline-home = In force in your area: { $level }.
evacuation-headline-town = In force somewhere in the city: { $level }.
evacuation-headline-none = No evacuation order is in force (as of { $when }).
