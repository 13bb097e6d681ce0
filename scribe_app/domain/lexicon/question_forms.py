"""What a question's first words want to hear: "how long" a time, "how often" a frequency, "who" a person.

One form has the words that ask for it, in a typed question as in one of the consultation, and the words that
tell it. Numbers are words or figures.
"""

from __future__ import annotations

from typing import NamedTuple

from scribe_app.domain.lexicon.relatives import any_of


class Form(NamedTuple):
    """How a question asks, and how what answers it sounds."""

    asked: str
    told: str
    needed: bool = False
    """Words that do not sound like it are no answer, unless they deny what was asked about."""


_UNITS = {
    "en": r"(?:seconds?|minutes?|hours?|nights?|days?|weeks?|fortnights?|months?|years?)",
    "nl": r"(?:seconden?|minuten|minuut|kwartier|uur|uren|nacht(?:en)?|dag(?:en)?|we(?:ek|ken)|maand(?:en)?"
    r"|jaar|jaren)",
}
_COUNTED = {
    "en": rf"(?<!times )(?<!once )(?<!twice )(?<!within )(?<!every )(?<!same )"
    rf"(?<!again in )\b(?!times|same|every|within|this|next|once|twice|per)[\w-]+ {_UNITS['en']}\b(?! old)",
    "nl": rf"(?<!keer )(?<!maal )(?<!keer per )(?<!maal per )(?<!binnen )(?<!elke )(?<!over )"
    rf"\b(?!keer|maal|elke|iedere|per|deze|volgende|over|binnen|zelfde)\w+ {_UNITS['nl']}\b(?! oud)",
}
"""So many days: no frequency, no age, no appointment."""
_DAYS = {
    "en": r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    "nl": r"(?:maan|dins|woens|donder|vrij|zater|zon)dag",
}

FORMS: dict[str, dict[str, Form]] = {
    "en": {
        "since": Form(
            r"how long(?! (?:do|does|did|will|should|can|could|would|must)\b)(?!.*\blasts?\b)|since when"
            r"|when did .*(?:start|begin|come on)|duration|onset",
            rf"since\b|{_COUNTED['en']}|for (?:years|months|weeks|ages)|years|yesterday|last (?:night|week)"
            rf"|(?:on|since) {_DAYS['en']}",
            needed=True,
        ),
        "lasting": Form(
            r"how long (?:do|does|did|will|should|can|could|would|must)\b|how long\b.*\blasts?\b",
            rf"{_COUNTED['en']}(?! (?:ago|now))|all (?:day|night)",
            needed=True,
        ),
        "often": Form(
            r"how (?:often|frequent|many times)",
            r"times? (?:an? |per )?(?:day|week|month|year|night|hour)|(?:once|twice)|daily|weekly|an? day"
            r"|every(?: \w+)? (?:day|week|month|night|morning|hour)|nights|most days|now and then|rarely",
            needed=True,
        ),
        "when": Form(
            r"when\b|what (?:time|day)|how soon",
            rf"if\b|when\b|{_UNITS['en']}\b|today|tomorrow|tonight|yesterday|{_DAYS['en']}|morning|evening|ago",
        ),
        "where": Form(
            r"where|which side|what side|location|site\b",
            r"(?:left|right) \w+|across|middle|upper|lower|behind|below|above|front of|back of"
            r"|inside|outside",
        ),
        "who": Form(
            r"who(?:se)?\b|which (?:relative|doctor|nurse)",
            rf"(?:{any_of('en')}|nurse|adviser|specialist|consultant|surgeon|midwife|physio\w*|pharmacist)\b",
        ),
        "kind": Form(
            r"(?:what|which) (?:kind|sort|type) of|(?:nature|character|quality) of|what .*\blike\b"
            r"|how .*\b(?:describe|feel)\b",
            r"like an?\b|sharp|dull|burn|stab|squeez|tight|throb|aching|cramp|heavy|shooting|pressure|crush"
            r"|gnaw|grip|colic|sting|pins and needles",
        ),
    },
    "nl": {
        "since": Form(
            r"hoe ?lang(?!.*\bdu(?:urt|ren|urde)\b)(?! (?:moet|mag|kan|zal)\b)|sinds wanneer"
            r"|wanneer (?:begon|is .*begonnen)|wanneer .*(?:begon|ontstaan)|al lang|duur van",
            rf"sinds\b|{_COUNTED['nl']}|al (?:jaren|maanden|weken|lang)|jaren|gisteren|vorige"
            rf"|(?:op|sinds|afgelopen) {_DAYS['nl']}",
            needed=True,
        ),
        "lasting": Form(
            r"hoe ?lang\b.*\bdu(?:urt|ren|urde)\b|hoe ?lang (?:moet|mag|kan|zal)\b",
            rf"{_COUNTED['nl']}(?! geleden)|de hele (?:dag|nacht)",
            needed=True,
        ),
        "often": Form(
            r"hoe ?(?:vaak|dikwijls)",
            r"(?:keer|maal) (?:per|in de|op een|daags) ?(?:dag|week|maand|jaar|nacht|uur)?|dagelijks"
            r"|wekelijks|daags|per (?:dag|week)"
            r"|(?:elke|iedere|om de) (?:\w+ )?(?:dag|week|maand|nacht|ochtend|uur)"
            r"|(?:een|twee)maal|zelden|af en toe",
            needed=True,
        ),
        "when": Form(
            r"wanneer|hoe ?laat|welke dag|op welk moment",
            rf"als\b|wanneer\b|zodra\b|{_UNITS['nl']}\b|vandaag|morgen|gisteren|{_DAYS['nl']}|ochtend|avond"
            r"|geleden",
        ),
        "where": Form(
            r"waar(?! .*\b(?:voor|over|mee|van|door|tegen|aan|op|bij)\b\W*$)\b|welke kant|plaats\b|locatie",
            r"links|rechts|midden|boven(?:in|aan)?\b|onder(?:in|aan)\b|voorkant|achterkant|binnenkant",
        ),
        "who": Form(
            r"wie(?:ns)?\b|welk familielid",
            rf"(?:{any_of('nl')}|assistente?|verpleegkundige|praktijkondersteuner|specialist|verloskundige"
            r"|fysiotherapeut|apotheker)\b",
        ),
        "kind": Form(
            r"(?:wat voor|welke?) (?:een )?(?:soort|type|aard|pijn|gevoel)"
            r"|(?:soort|type|aard|karakter) (?:van )?(?:de )?(?:pijn|klacht)"
            r"|hoe voelt|hoe (?:omschrijf|beschrijf)\w*",
            r"zeuren|stekend|steken|scherp|dof\b|doffe|brand|druk|klop|kramp|knijp|schietend|alsof|als een"
            r"|zwaar|trekkend|snijdend|tintel",
        ),
    },
}
"""In this order: only the first that fits a question counts."""

LEANS: dict[str, str] = {
    "en": r"it|that|this|these|those|they|them|one",
    "nl": r"het|dat|dit|die|deze|ze|er",
}
"""Words by which a clinician's question points back at what the patient has just told."""
