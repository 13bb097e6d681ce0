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
            "medicin|medication|tablet|pills?|drugs?|what (?:is|was|does|did|has)"
            " (?:s?he|they|the patient) (?:been )?(?:take|taking|given|prescribed)\\b",
            "medicin|tablet|milligram| mg|spray|start",
        ),
        "dose": Concept(
            "dose|dosage|strength|how many milligrams|how much .*(?:tak(?:e|ing)|prescribed|on)\\b",
            "milligram|mg|microgram|units?|puff",
        ),
        "smoking": Concept("smok|cigarett|tobacco", "smok|cigarett|tobacco|vap"),
        "alcohol": Concept("alcohol|drink", "alcohol|drink|wine|beer|units a week"),
        "family": Concept(
            "family|parents?|relatives?|hereditary", "family|dad|father|mum|mother|brother|sister"
        ),
        "father": Concept("father|dad", "father|dad"),
        "mother": Concept("mother|mum", "mother|mum"),
        "blood pressure": Concept(
            "(?<!for his )(?<!for her )(?<!for the )(?<!for )blood pressure|bp",
            "blood pressure is|bp |over [a-z]+ty|[0-9]+/[0-9]+",
        ),
        "pulse": Concept("pulse|heart rate", "pulse|heart rate|beats"),
        "saturation": Concept("saturation|sats|oxygen", "saturation|sats|oxygen"),
        "temperature": Concept("temperature|fever", "temperature|fever|degrees"),
        "follow-up": Concept(
            "follow.?up|come back|se(?:e|en)\\b.* (?:again|back|next)\\b|next appointment|review",
            "see you again|see you (?:in|on)\\b|come back (?:in|to see)",
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
        "reaction": Concept(
            "react|response|side.?effect|happen\\w* (?:when|with|on|after)",
            "rash|itch|hives|swell|swollen|came (?:out|up) in|made me|sick",
        ),
        "reason for coming": Concept(
            "why .*(?:come|came|here|attend)|reason for|presenting|what .*\\b(?:come|came|attend)\\b",
            "brought you|what can (?:i|we) do|how can (?:i|we) help",
        ),
        "course": Concept(
            "constant|continuous|all the time|come and go|comes and goes|on and off",
            "constant|all the time|comes? and goes?|on and off|always|never goes away|there all",
        ),
        "examination": Concept(
            "examin|findings?\\b|(?:did|do) (?:you|i|we) find",
            "(?:is|are|sounds?) (?:clear|normal|soft|tender|swollen|regular)|tender",
        ),
        "work": Concept(
            "occupation|job\\b|employ|(?:his|her|their|at|off|for|to|does (?:s?he|the patient)) work\\b",
            "(?:my|at|off|to|from) work\\b|i work\\b|(?:my|a) job|working (?:as|in|at)|for a living",
        ),
        "emergency": Concept(
            "emergency|ambulance|999|urgent|safety.?net", "nine nine nine|999|ambulance|straight away"
        ),
    },
    "nl": {
        "allergy": Concept("allerg", "allerg"),
        "medicines": Concept(
            "medicijn|medicat|pil(?:len)?\\b|tablet|wat .*\\b(?:slikt|neemt|gebruikt)\\b"
            "|wat (?:slikt|neemt|gebruikt)\\b",
            "medicijn|milligram| mg|tablet|pil(?:len)?\\b",
        ),
        "dose": Concept(
            "dosis|dosering|hoeveel .*(?:milligram|mag|slikt|neemt)|sterkte", "milligram|mg|microgram"
        ),
        "smoking": Concept("rook|roken|sigaret", "rook|roken|sigaret"),
        "alcohol": Concept("alcohol|drinkt", "alcohol|drinkt?\\b.*(?:wijn|bier|glas)|glazen"),
        "family": Concept("familie|ouders|erfelijk", "familie|vader|moeder|zus|broer"),
        "sister": Concept("zus\\b|zuster", "zus\\b|zuster"),
        "blood pressure": Concept(
            "(?<!voor haar )(?<!voor zijn )(?<!voor de )(?<!voor )bloeddruk|tensie|rr\\b",
            "bloeddruk is|tensie|over (?:[a-z]+tig|[0-9]+)",
        ),
        "pulse": Concept("pols|hartslag", "pols|hartslag"),
        "temperature": Concept("temperatuur|koorts|verhoging", "temperatuur|koorts|verhoging|graden"),
        "follow-up": Concept(
            "terug|vervolg|controle|volgende afspraak|bel(?:t|len) .*uitslag|hoort .*uitslag",
            "bel ik u|terug|controle",
        ),
        "tests": Concept(
            "onderzoek|bloed ?prik|bloed geprikt|geprikt|bloedonderzoek|lab\\b",
            "prikken|bloed, |echo|scan|foto|lab",
        ),
        "worry": Concept("zorg|bang|ongerust|bezorgd", "zorgen|bang|ongerust|denken|had darmkanker"),
        "diagnosis": Concept(
            "diagnose|wat is er\\b(?: met| aan de hand|\\W*$)|oorzaak|denkt de arts",
            "ik denk aan|waarschijnlijk|lijkt op|past bij",
        ),
        "worse": Concept("erger|uitlok|wanneer .* meer", "erger als|erger bij"),
        "reaction": Concept(
            "reacti|reageer|bijwerking|wat gebeur\\w* .*\\b(?:van|bij|na|op|met)\\b",
            "jeuk|bulten|uitslag|gezwollen|benauwd|misselijk|kreeg ik",
        ),
        "reason for coming": Concept(
            "waarom .*(?:komt|kwam|gekomen|hier)|waarom (?:komt|kwam)|reden van|hulpvraag"
            "|waarvoor .*(?:komt|kwam)|waarvoor (?:komt|kwam)",
            "wat kan ik voor u|waarmee kan ik|wat brengt u|wat kunnen we voor",
        ),
        "course": Concept(
            "continu|constant|steeds|voortdurend|de hele tijd|aanhoudend|komt en gaat|in aanvallen",
            "continu|constant|steeds|voortdurend|de hele tijd|komt en gaat|altijd|in aanvallen",
        ),
        "examination": Concept(
            "lichamelijk onderzoek|(?:vond|vindt) (?:u|je|de arts)|gevonden|bevinding"
            "|(?:buik|borst|long|hart|knie|rug|oor|keel|neus|oog|huid)onderzoek",
            "soepel|normaal|drukpijn|geen bijzonderheden|gezwollen|regelmatig|gevoelig",
        ),
        "work": Concept(
            "beroep|werkt (?:hij|ze|zij|mevrouw|meneer)|(?:haar|zijn|het) werk\\b|baan\\b",
            "mijn (?:werk|baan)\\b|ik werk\\b|werk als|op (?:het|mijn) werk\\b",
        ),
        "emergency": Concept(
            "spoed|alarm|meteen|wanneer bellen|112", "belt u meteen|112|spoed|direct bellen"
        ),
        "pain relief": Concept("pijnstil|tegen de pijn", "paracetamol|ibuprofen|pijnstil"),
    },
}

NUMBERS_WANTED: dict[str, str] = {
    "en": r"how (?:much|many|high|old)|what (?:dose|was the|is the|are the)|which dose",
    "nl": r"hoe ?(?:veel|hoog|oud)|welke dosis|wat (?:was|is) de",
}
"""Questions that a number answers."""

NOT_ASKED_FOR: dict[str, frozenset[str]] = {
    "en": frozenset({
        "mention", "said", "say", "says", "tell", "told", "discuss", "discussed", "talk", "talked",
        "ask", "asked", "know", "patient", "doctor", "clinician", "anything", "something", "any",
        "there", "much", "many", "long", "often", "high", "old", "take", "taking", "use", "using",
        "give", "given", "get", "got", "have", "had", "has", "problem", "problems", "issue", "issues",
        "condition", "history", "prescribed", "planned", "done", "last", "year", "happen", "happened",
        "else", "visit", "consultation", "recommended", "suggested", "instructed", "episode",
        "attack", "start", "started", "begin", "began", "present", "does", "work", "works", "who",
        "side", "located", "location", "site", "duration", "onset", "frequency", "kind", "sort", "type",
        "nature", "character", "quality", "describe", "exist", "persist", "occur", "appear", "develop",
        "experience", "suffer", "notice", "symptom", "symptoms", "complaint", "complaints",
    }),
    "nl": frozenset({
        "noemde", "noemt", "gezegd", "zei", "zegt", "verteld", "vertelt", "besproken", "gevraagd",
        "patient", "patiënt", "dokter", "arts", "huisarts", "iets", "is", "er", "veel", "lang", "vaak",
        "hoog", "gebruikt", "gebruik", "slikt", "neemt", "krijgt", "heeft", "had", "last", "klacht",
        "klachten", "gepland", "voorgeschreven", "gebeurd", "gebeurde", "verder", "anders", "nog", "consult",
        "gesprek", "geadviseerd", "adviseert", "aangeraden", "afgesproken", "aanval", "aanvallen", "episode",
        "duurt", "duurde", "duren", "begon", "begonnen", "begint", "ontstaan", "aanwezig",
        "welk", "welke", "kant", "zit", "zitten", "komen", "kwamen",
        "krijgen", "vond", "vindt", "gevonden", "bestaan", "bestaat", "bestond", "bestonden", "speelt",
        "spelen", "voordoen", "voorkomt", "optreden", "optreedt", "merkt", "ervaart", "soort", "soorten",
        "type", "aard", "karakter", "omschrijft", "beschrijft", "duur", "plaats", "locatie", "frequentie",
        "hoeveel", "waarmee", "waarvan", "waarop", "waarin", "waardoor", "symptomen",
    }),
}  # fmt: skip
"""Words of a question that name nothing that could be said."""
