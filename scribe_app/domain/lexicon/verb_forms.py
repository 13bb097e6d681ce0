"""Forms of one verb: "gebeld", "belt" and "bellen", "stopped" and "stopping", "rang" and "ring".

Only for finding what a question asks for: a wrong pair costs an answer that does not fit, no check.
"""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR_EN = (
    "bring brings brought bringing", "buy buys bought buying", "catch catches caught catching",
    "choose chooses chose chosen choosing", "cut cuts cutting", "drink drinks drank drunk drinking",
    "draw draws drew drawn drawing", "fall falls fell fallen falling", "feel feels felt feeling",
    "feed feeds fed feeding", "fight fights fought fighting", "forget forgets forgot forgotten forgetting",
    "freeze freezes froze frozen", "keep keeps kept keeping", "leave leaves left leaving",
    "lose loses lost losing", "mean means meant", "meet meets met meeting", "pay pays paid paying",
    "put puts putting", "read reads reading", "ride rides rode ridden riding", "ring rings rang rung ringing",
    "rise rises rose risen rising", "sell sells sold selling", "send sends sent sending",
    "shake shakes shook shaken shaking", "show shows showed shown showing", "sink sinks sank sunk sinking",
    "slip slips slipped slipping", "spend spends spent spending", "swell swells swelled swollen swelling",
    "swim swims swam swum swimming", "teach teaches taught teaching", "think thinks thought thinking",
    "twist twists twisted twisting", "understand understands understood", "wear wears wore worn wearing",
    "write writes wrote written writing", "burn burns burnt burned burning", "learn learns learnt learned",
    "spill spills spilt spilled", "give gives gave given giving", "take takes took taken taking",
)  # fmt: skip
_IRREGULAR_NL = (
    "beginnen begint begon begonnen", "blijven blijft bleef gebleven", "brengen brengt bracht gebracht",
    "denken denkt dacht gedacht", "drinken drinkt dronk gedronken", "eten eet at gegeten",
    "geven geeft gaf gegeven", "helpen helpt hielp geholpen", "houden houdt hield gehouden",
    "kiezen kiest koos gekozen", "kijken kijkt keek gekeken", "kopen koopt kocht gekocht",
    "lezen leest las gelezen", "rijden rijdt reed gereden", "schrijven schrijft schreef geschreven",
    "sluiten sluit sloot gesloten", "snuiten snuit snoot gesnoten", "spreken spreekt sprak gesproken",
    "springen springt sprong gesprongen", "sterven sterft stierf gestorven", "stijgen stijgt steeg gestegen",
    "treffen treft trof getroffen", "trekken trekt trok getrokken", "vragen vraagt vroeg gevraagd",
    "wegen weegt woog gewogen", "werpen werpt wierp geworpen", "wijzen wijst wees gewezen",
    "zenden zendt zond gezonden", "zoeken zoekt zocht gezocht", "zwellen zwelt zwol gezwollen opgezwollen",
    "zwemmen zwemt zwom gezwommen", "bewegen beweegt bewoog bewogen", "verwijzen verwijst verwees verwezen",
    "verbieden verbiedt verbood verboden", "overlijden overlijdt overleed overleden",
    "vergeten vergeet vergat", "ondergaan ondergaat onderging",
)  # fmt: skip
_IRREGULAR = {
    language: {form: forms.split()[0] for forms in rows for form in forms.split()}
    for language, rows in {"en": _IRREGULAR_EN, "nl": _IRREGULAR_NL}.items()
}
_NO_PARTICIPLE = frozenset({
    "gezicht", "gewicht", "gezond", "gebied", "geluid", "geduld", "geld", "geweld", "gedicht", "gebit",
    "gerecht", "geslacht", "gevecht", "gebeurt", "geschikt", "gebruikt",
})  # fmt: skip
"""Words that begin and end like a participle and are none, or whose verb begins with "ge" itself."""
_PARTICIPLE_NL = re.compile(
    r"(?:op|aan|af|uit|in|mee|terug|door|over|om|na|bij|toe|weg|voor|los|vast)?ge(\w{2,})[dt]"
)
_UNPREFIXED_NL = re.compile(r"((?:be|ver|ont|her|er)\w{3,})[dt]")
"""Participles without "ge": behandeld, verteld, ontdekt, herhaald."""
_ENDING = {
    "en": re.compile(r"(?:ing|ed|es|s)$"),
    "nl": re.compile(r"(?:ten|den|te|de|en|e|t)$"),
}
_SHORTEST = 3


@lru_cache(maxsize=4096)
def verb_forms(word: str, language: str) -> frozenset[str]:
    """Keys under which the forms of one verb meet: two words are forms of one where they share a key.

    "gebeld" and "bellen" share "bel", "hopped" and "hop" share "hop". A word with no other form has its own.
    """
    if base := _IRREGULAR[language].get(word):
        return frozenset({base})
    keys = {_bare(word, language)}
    if language == "nl" and word not in _NO_PARTICIPLE and (found := _PARTICIPLE_NL.fullmatch(word)):
        keys |= {_bare(found[1], language), _bare(f"{found[1]}{word[-1]}", language)}
    if language == "nl" and (found := _UNPREFIXED_NL.fullmatch(word)):
        keys.add(_bare(found[1], language))
    keys.add(_bare(_ENDING[language].sub("", word), language))
    return frozenset(key for key in keys if len(key) >= _SHORTEST)


def _bare(stem: str, language: str) -> str:
    """Spelt in one way: "bell" as "bel", "maak" as "mak", "leev" as "leef", "tri" as "try"."""
    stem = re.sub(r"([^\Waeiou\d_])\1$", r"\1", stem)
    if language == "en":
        return re.sub(r"i$", "y", stem.removesuffix("e"))
    stem = re.sub(r"([aeou])\1(?=[^\Waeiou\d_]$)", r"\1", stem)
    return re.sub(r"z$", "s", re.sub(r"v$", "f", stem))
