"""Words of which one excludes the others: how a medicine is taken, at what time of day, on which day."""

from __future__ import annotations

ROUTES: dict[str, str] = {
    "by mouth": "by mouth", "orally": "by mouth", "oral": "by mouth", "po": "by mouth",
    "swallow": "by mouth", "intravenous*": "into a vein", "iv": "into a vein",
    "intramuscular*": "into a muscle", "subcutaneous*": "under the skin",
    "under the skin": "under the skin", "under your tongue": "under the tongue",
    "under the tongue": "under the tongue", "sublingual*": "under the tongue", "rectal*": "rectally",
    "suppositor*": "rectally", "vaginal*": "vaginally", "pessar*": "vaginally", "inhale*": "inhaled",
    "inhaler*": "inhaled", "puff": "inhaled", "puffs": "inhaled", "nebulis*": "inhaled",
    "nasal*": "by the nose", "up your nose": "by the nose", "topical*": "on the skin",
    "cream": "on the skin", "ointment": "on the skin", "eye drops": "in the eye",
    "ear drops": "in the ear", "oraal": "by mouth", "via de mond": "by mouth", "slikken": "by mouth",
    "intraveneus": "into a vein", "infuus": "into a vein", "intramusculair": "into a muscle",
    "subcutaan": "under the skin", "onderhuids": "under the skin", "onder de tong": "under the tongue",
    "sublinguaal": "under the tongue", "rectaal": "rectally", "zetpil*": "rectally",
    "vaginaal": "vaginally", "inhaleren": "inhaled", "pufje*": "inhaled", "neusspray": "by the nose",
    "zalf": "on the skin", "crème": "on the skin", "oogdruppels": "in the eye",
    "oordruppels": "in the ear",
}  # fmt: skip
"""Phrase → route; tablets and capsules are no word for one."""

TIMES_OF_DAY: dict[str, str] = {
    "morning": "morning", "mornings": "morning", "breakfast": "morning", "evening": "night",
    "evenings": "night", "night": "night", "nightly": "night", "bedtime": "night", "bed": "night",
    "nocte": "night", "lunchtime": "noon", "midday": "noon", "noon": "noon", "ochtend": "morning",
    "ochtends": "morning", "ontbijt": "morning", "avond": "night", "avonds": "night", "nacht": "night",
    "slapen": "night", "slapengaan": "night", "middag": "noon", "middags": "noon",
}  # fmt: skip

FOOD: dict[str, str] = {
    "with food": "with food", "with meals": "with food", "with breakfast": "with food",
    "after food": "with food", "after meals": "with food", "empty stomach": "before food",
    "before food": "before food", "before meals": "before food", "before breakfast": "before food",
    "bij het eten": "with food", "met eten": "with food", "na het eten": "with food",
    "nuchter": "before food", "lege maag": "before food", "voor het eten": "before food",
}  # fmt: skip

DAYS: dict[str, str] = {
    name: english
    for english, names in {
        "Monday": "monday mondays maandag", "Tuesday": "tuesday tuesdays dinsdag",
        "Wednesday": "wednesday wednesdays woensdag", "Thursday": "thursday thursdays donderdag",
        "Friday": "friday fridays vrijdag", "Saturday": "saturday saturdays zaterdag",
        "Sunday": "sunday sundays zondag",
            "yesterday": "yesterday gisteren gisteravond gisterochtend gistermiddag gisternacht",
                "tomorrow": "tomorrow",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Days of the week and those beside today; dates are read by domain/dates.py."""

OPPOSITES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("medial*", "mediaal", "mediale", "inner", "inside", "binnenkant", "binnenzijde"),
     ("lateral*", "lateraal", "laterale", "outer", "outside", "buitenkant", "buitenzijde")),
    (("proximal*", "proximaal", "proximale"), ("distal*", "distaal", "distale")),
    (("anterior*", "front", "voorkant", "voorzijde"), ("posterior*", "behind", "achterkant", "achterzijde")),
    (("upper", "bovenste", "bovenbuik", "bovenarm", "bovenbeen", "bovenrug"),
     ("lower", "onderste", "onderbuik", "onderarm", "onderbeen", "onderrug")),
    (("flexion", "flexie", "buigen"), ("extension", "extensie", "strekken")),
    (("ulnar", "ulnair", "ulnaire"), ("radial", "radiaal", "radiale")),
    (("systolic", "systolisch*"), ("diastolic", "diastolisch*")),
)  # fmt: skip
"""Words for a place or a way, of which one stands for the other when a letter is wrong."""

CONTRARIES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("hypertension", "hypertensive", "hypertensie"), ("hypotension", "hypotensive", "hypotensie")),
    (("hyperthyroid*", "hyperthyre*"), ("hypothyroid*", "hypothyre*")),
    (("hyperglyc*",), ("hypoglyc*",)),
    (("weight gain", "gained weight", "putting on weight", "aangekomen", "gewichtstoename"),
     ("weight loss", "lost weight", "losing weight", "afgevallen", "gewichtsverlies")),
    (("hyperkal*",), ("hypokal*",)),
    (("hypernatr*",), ("hyponatr*",)),
    (("tachycard*",), ("bradycard*",)),
    (("constipat*", "obstipatie"), ("diarrh*", "diarree")),
)  # fmt: skip
"""The same of what a patient has: look-alikes that are treated the other way."""
