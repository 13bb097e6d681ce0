"""What people ask a consultation, and the words in which it was said: one concept, several wordings.

Each concept has the words that ask for it and the words that answer it, as stems at the beginnings of words.
"""

from __future__ import annotations

from typing import NamedTuple


class Concept(NamedTuple):
    """Words that ask for something, and words that tell it."""

    asked: str
    told: str


CONCEPTS: dict[str, dict[str, Concept]] = {
    "en": {
        "allergy": Concept("allerg", "allerg"),
        "medicines": Concept(
            "medicin|medication|tablet|pills?|drugs?", "medicin|tablet|milligram| mg|spray|start"
        ),
        "dose": Concept(
            "dose|dosage|strength|how many milligrams|how much .*(?:tak(?:e|ing)|prescribed|on)\\b",
            "milligram|mg|microgram|units?|puff",
        ),
        "frequency": Concept(
            "how (?:often|frequent|many times)",
            "times? (?:a|per) (?:day|week|month|year)|(?:once|twice) (?:a|per) |daily|weekly"
            "|every (?:day|week|month|night)",
        ),
        "smoking": Concept("smok|cigarett|tobacco", "smok|cigarett|tobacco|vap"),
        "alcohol": Concept("alcohol|drink", "alcohol|drink|wine|beer|units a week"),
        "family": Concept(
            "family|parents?|relatives?|hereditary", "family|dad|father|mum|mother|brother|sister"
        ),
        "father": Concept("father|dad", "father|dad"),
        "mother": Concept("mother|mum", "mother|mum"),
        "blood pressure": Concept("blood pressure|bp", "blood pressure is|bp |over [a-z]+ty|[0-9]+/[0-9]+"),
        "pulse": Concept("pulse|heart rate", "pulse|heart rate|beats"),
        "saturation": Concept("saturation|sats|oxygen", "saturation|sats|oxygen"),
        "temperature": Concept("temperature|fever", "temperature|fever|degrees"),
        "duration": Concept(
            "how long|since when|when did .* (?:start|begin)|duration",
            "for (?:about )?[a-z]+ (?:days?|weeks?|months?|years?)|weeks?|days? ago|months?|since",
        ),
        "follow-up": Concept(
            "follow.?up|come back|se(?:e|en)\\b.* again|next appointment|review",
            "see you again|come back (?:in|to see)",
        ),
        "referral": Concept("refer|specialist|clinic", "refer|clinic|specialist"),
        "tests": Concept("tests?\\b|investigat|bloods\\b", "bloods|ecg|tracing|scan|x.?ray|test"),
        "worry": Concept(
            "worr|concern|afraid|fear|anxious", "worr|afraid|scared|same way|on your mind|fright"
        ),
        "wish": Concept("expect|hop(?:e|ing)|want", "want to know|hoping|hoped|wanted"),
        "diagnosis": Concept(
            "diagnos|what is wrong|cause|think it is", "may be|i think (?:this|it)|looks like"
        ),
        "radiation": Concept("radiat|spread|go anywhere", "goes (?:down|to|into)|spreads|radiat"),
        "worse": Concept(
            "worse|brings? it on|trigger|aggravat", "worse|brings it on|on the move|when i (?:walk|move)"
        ),
        "better": Concept("better|relie[fv]|settle|eases?", "settles|goes away|eases|better"),
        "emergency": Concept(
            "emergency|ambulance|999|urgent|safety.?net", "nine nine nine|999|ambulance|straight away"
        ),
    },
    "nl": {
        "allergy": Concept("allerg", "allerg"),
        "medicines": Concept(
            "medicijn|medicat|pil(?:len)?\\b|tablet", "medicijn|milligram| mg|tablet|pil(?:len)?\\b"
        ),
        "dose": Concept(
            "dosis|dosering|hoeveel .*(?:milligram|mag|slikt|neemt)|sterkte", "milligram|mg|microgram"
        ),
        "frequency": Concept(
            "hoe ?(?:vaak|dikwijls)",
            "(?:keer|maal) (?:per|in de|op een) (?:dag|week|maand|jaar)|dagelijks|wekelijks"
            "|(?:elke|iedere) (?:dag|week|maand|nacht)",
        ),
        "smoking": Concept("rook|roken|sigaret", "rook|roken|sigaret"),
        "alcohol": Concept("alcohol|drinkt", "alcohol|drinkt?\\b.*(?:wijn|bier|glas)|glazen"),
        "family": Concept("familie|ouders|erfelijk", "familie|vader|moeder|zus|broer"),
        "sister": Concept("zus\\b|zuster", "zus\\b|zuster"),
        "blood pressure": Concept("bloeddruk|tensie|rr\\b", "bloeddruk is|tensie|over (?:[a-z]+tig|[0-9]+)"),
        "pulse": Concept("pols|hartslag", "pols|hartslag"),
        "temperature": Concept("temperatuur|koorts|verhoging", "temperatuur|koorts|verhoging|graden"),
        "duration": Concept(
            "hoe ?lang|sinds wanneer|wanneer (?:begon|is)", "dagen|weken|maanden|sinds|begon|jaar geleden"
        ),
        "follow-up": Concept(
            "terug|vervolg|controle|volgende afspraak|bel(?:t|len) .*uitslag", "bel ik u|terug|controle"
        ),
        "tests": Concept(
            "onderzoek|bloed ?prik|bloed geprikt|geprikt|bloedonderzoek|lab\\b",
            "prikken|bloed, |echo|scan|foto|lab",
        ),
        "worry": Concept("zorg|bang|ongerust|bezorgd", "zorgen|bang|ongerust|denken|had darmkanker"),
        "diagnosis": Concept(
            "diagnose|wat is er|oorzaak|denkt de arts", "ik denk aan|waarschijnlijk|lijkt op|past bij"
        ),
        "place": Concept("waar (?:zit|is|doet)|welke kant|plaats", "links|rechts|midden|boven|onderin"),
        "worse": Concept("erger|uitlok|wanneer .* meer", "erger als|erger bij"),
        "emergency": Concept(
            "spoed|alarm|meteen|wanneer bellen|112", "belt u meteen|112|spoed|direct bellen"
        ),
        "pain relief": Concept("pijnstil|tegen de pijn", "paracetamol|ibuprofen|pijnstil"),
    },
}

NUMBERS_WANTED: dict[str, str] = {
    "en": r"how (?:much|many|long|often|high|old)|what (?:dose|was the|is the|are the)|when|which dose",
    "nl": r"hoe ?(?:veel|lang|vaak|hoog|oud)|welke dosis|wat (?:was|is) de|wanneer",
}
"""Questions that a number answers."""

NOT_ASKED_FOR: dict[str, frozenset[str]] = {
    "en": frozenset({
        "mention", "said", "say", "says", "tell", "told", "discuss", "discussed", "talk", "talked",
        "ask", "asked", "know", "patient", "doctor", "clinician", "anything", "something", "any",
        "there", "much", "many", "long", "often", "high", "old", "take", "taking", "use", "using",
        "give", "given", "get", "got", "have", "had", "has", "problem", "problems", "issue", "issues",
        "condition", "history", "prescribed", "planned", "done", "last", "year", "happen", "happened",
        "else", "visit", "consultation",
    }),
    "nl": frozenset({
        "noemde", "noemt", "gezegd", "zei", "zegt", "verteld", "vertelt", "besproken", "gevraagd",
        "patient", "patiënt", "dokter", "arts", "huisarts", "iets", "is", "er", "veel", "lang", "vaak",
        "hoog", "gebruikt", "gebruik", "slikt", "neemt", "krijgt", "heeft", "had", "last", "klacht",
        "klachten", "gepland", "voorgeschreven", "gebeurd", "gebeurde", "verder", "anders", "nog", "consult",
        "gesprek",
    }),
}  # fmt: skip
"""Words of a question that name nothing that could be said."""
