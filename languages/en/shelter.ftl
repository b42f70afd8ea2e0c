shelter-hazard-flood = River flood
shelter-hazard-landslide = Landslide
shelter-hazard-storm-surge = Storm surge
shelter-hazard-earthquake = Earthquake
shelter-hazard-tsunami = Tsunami
shelter-hazard-fire = Large fire
shelter-hazard-inland-flood = Flooded streets
shelter-hazard-volcano = Volcano
shelter-hazard-separator = { ", " }
shelter-send-location = Send location
shelter-which-hazard =
    What are you fleeing from? A place that is safe in one disaster may not be in another.
    If your life is in danger, do not wait: go to a safe place nearby or high up in a building.
shelter-any-hazard = I do not know
shelter-open = ◯ Open (as of { $date }, { $time })
shelter-full = × Full (as of { $date }, { $time })
shelter-closed = Not open now (as of { $date }, { $time })
shelter-open-stale = ◯ Was open ({ $date }, { $time }). That is long ago: please ask the municipality before you go
shelter-full-stale = × Was full ({ $date }, { $time }). That is long ago: please ask the municipality before you go
shelter-near-safe-from = Nearest evacuation places for: { $hazard }
shelter-near = Nearest evacuation places (not all are safe in every disaster)
shelter-none = No evacuation place was found. Please check the hazard map and ask your city or town office.
shelter-name-and-distance = { $name } (about { $distance } in a straight line)
shelter-safe-from = Safe in: { $hazards }
shelter-safe-from-nothing = The list does not say in which disaster it is safe
shelter-source = Source: Geospatial Information Authority of Japan (国土地理院), designated emergency evacuation sites, and the municipality. Where it does not say so, it is not known whether a place is open now: please ask the municipality for the latest state.
