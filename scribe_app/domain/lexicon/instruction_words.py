"""How people ask for a change to a letter, in English and Dutch: patterns over lower-case words.

An instruction may be in either language, whatever the letter's.
"""

from __future__ import annotations

STYLE_WORDS: tuple[tuple[str, str], ...] = (
    (
        "shorter",
        r"(?:(?:much|even|veel|wat|iets) )?(?:shorter|korter)|shorten|briefer"
        r"|more (?:concise|succinct|compact)"
        r"|concise(?:ly)?|condensed?|tighten(?: it)?(?: up)?|trim|cut (?:it |this )?down|too (?:long|wordy)"
        r"|less (?:long|wordy)|inkorten|kort(?=.* in$)|verkort(?:en)?|bondiger|beknopter?|compacter|te lang"
        r"|minder lang",
    ),
    (
        "lines",
        r"(?:no|without|geen|zonder) (?:bullets?(?: points?)?|opsomming(?:stekens)?|bolletjes)"
        r"|(?:separate|single) lines|one (?:statement |sentence )?(?:a|per) line|line by line"
        r"|losse regels|regel voor regel|onder elkaar",
    ),
    (
        "bullets",
        r"bullet(?:ed)?(?:[ -](?:points?|lists?))?|bullets|(?:as|into) a list|as list|opsomming(?:stekens)?"
        r"|bolletjes|puntsgewijs|als (?:een )?lijst(?:je)?|in punten",
    ),
    (
        "prose",
        r"prose(?: lines)?|running text|full sentences|paragraphs?|(?:door)?lopende? (?:tekst|verhaal)"
        r"|als (?:een )?verhaal|alinea's?|proza",
    ),
    (
        "third person",
        r"third[- ]person|3rd person|impersonal(?:ly)?|derde persoon|onpersoonlijk"
        r"|(?:no|without|geen|zonder) (?:the |de )?(?:first[- ]person|eerste persoon|ik-vorm)",
    ),
    ("first person", r"first[- ]person|1st person|eerste persoon|ik-vorm|ikvorm"),
    (
        "abbreviations written out",
        r"(?:write|spell|expand|without|no)(?: out)?(?: the| all| any)* abbreviations?(?: out)?"
        r"|abbreviations? (?:written|spelled|spelt|write|spell)? ?out|afkortingen (?:voluit|uitgeschreven)"
        r"|(?:geen|zonder) afkortingen|afkortingen uitschrijven"
        r"|schrijf (?:de |alle )?afkortingen (?:voluit|uit)|voluit",
    ),
    (
        "abbreviated",
        r"(?:use|with|more) (?:the |usual |medical |standard )*abbreviations?|abbreviated?"
        r"|(?:gebruik|met|meer) (?:de |gangbare |medische )*afkortingen|afkorten",
    ),
    ("British spelling", r"british|uk(?= spelling| english)"),
    ("American spelling", r"american|us(?= spelling| english)"),
    (
        "more formal",
        r"more (?:formal(?:ly)?|professional(?:ly)?|businesslike)|formal|formeler|formeel|zakelijker"
        r"|professioneler",
    ),
)
"""Kind of change → the words that ask for it, in the order in which they are looked for."""

LEAVE_OUT: tuple[str, ...] = (
    r"\b(?:leave|take|cut|strike)\b(.*)\bout\b(.*)",
    r"\bget rid of\b(.*)",
    r"\b(?:remove|delete|drop|omit|skip)\b(.*)",
    r"\blaat\b(.*)\bweg\b(.*)",
    r"\bhaal\b(.*)\b(?:weg|eruit|uit)\b(.*)",
    r"(.*)\b(?:weglaten|verwijderen|schrappen)\b(.*)",
    r"\b(?:verwijder|schrap)\b(.*)",
)
"""Leave something out; the groups are what."""
WITHOUT = r"^(?:(?:please|graag) )?(?:without|no|zonder|geen)\b(.*)"

PLACES: tuple[tuple[str, str], ...] = (
    (
        "first",
        r"first|(?:to |at |on )?(?:the )?(?:very )?(?:top|front|beginning)|bovenaan|vooraan"
        r"|(?:als )?eerste?|helemaal (?:naar )?boven",
    ),
    (
        "last",
        r"last|(?:to |at )?(?:the )?(?:very )?(?:bottom|end|back)|onderaan|achteraan|(?:als )?laatste?"
        r"|helemaal (?:naar )?(?:onder|beneden)",
    ),
    ("up", r"up(?:wards)?|higher(?: up)?|omhoog|hoger|naar boven|naar voren|earlier|eerder"),
    ("down", r"down(?:wards)?|lower(?: down)?|omlaag|lager|naar (?:beneden|onderen?|achteren)|later"),
)
"""Where a section goes → the words that ask for it."""

MOVING = frozenset({
    "move", "put", "place", "bring", "shift", "zet", "verplaats", "plaats", "schuif", "breng", "haal", "set",
})  # fmt: skip

IDLE = frozenset({
    "please", "can", "could", "you", "would", "should", "make", "it", "its", "it's", "this", "that", "the",
    "a", "an", "letter", "note", "draft", "text", "whole", "to", "be", "into", "in", "as", "with", "of",
    "for", "me", "write", "change", "turn", "rewrite", "format", "style", "spelling", "english", "is", "i",
    "use", "section", "heading", "part", "my", "all", "bit", "little", "slightly", "go", "come", "comes",
    "goes", "list", "want", "i'd", "like", "one", "place", "on", "at",
    "graag", "kun", "kunt", "je", "u", "maak", "maken", "het", "de", "een", "deze", "dit", "brief", "verslag",
    "tekst", "als", "van", "naar", "ook", "wat", "iets", "schrijf", "herschrijf", "verander", "alsjeblieft",
    "alstublieft", "svp", "kopje", "kop", "stuk", "onderdeel", "wil", "ik", "alles", "hele", "moet", "mag",
    "worden", "mijn", "er", "eens", "even", "plaats",
})  # fmt: skip
"""Words of an instruction that add nothing to it."""
ABOUT_IDLE = frozenset({
    "statement", "statements", "sentence", "sentences", "line", "lines", "anything", "everything", "about",
    "what", "mentioning", "mentions", "said", "concerning", "regel", "regels", "zin", "zinnen", "over",
    "gaat", "gezegd", "is", "bit",
})  # fmt: skip
"""Words round what is to be left out."""
DENIED = frozenset({
    "not", "don't", "do", "never", "less", "no", "niet", "minder", "nooit", "ignore", "instructions",
    "unless", "but", "except", "maar", "behalve", "keep", "houd",
})  # fmt: skip
"""An instruction with one of these over is not guessed at."""

TOPIC_NAMES: dict[str, str] = {
    "symptom": r"symptoms?|complaints?|presenting complaints?|history(?: presenting complaints?)?|hpc"
    r"|subjectieve?|subjective|anamnese|klacht(?:en)?",
    "history": r"(?:past )?(?:medical )?history|pmh|voorgeschiedenis",
    "medication": r"medications?|medicines?|drugs?|tablets?|medicatie|medicijnen|geneesmiddelen",
    "allergy": r"allerg(?:y|ies)|allergie(?:ën|en)?|overgevoeligheid",
    "examination": r"examination(?: findings)?|exam|findings|objective|physical(?: examination)?"
    r"|(?:lichamelijk )?onderzoek|objectieve?|bevindingen",
    "result": r"(?:test )?results?|investigations?|uitslag(?:en)?|aanvullend onderzoek",
    "assessment": r"assessment|diagnos[ie]s|impression|conclusions?|evaluatie|conclusie|diagnoses?"
    r"|overweging(?:en)?|beoordeling",
    "plan": r"(?:treatment |management )?plan|management|next steps|actions|(?:het )?beleid|behandelplan"
    r"|vervolg",
    "safety_net": r"safety[- ]?net(?:ting)?|red flags?|when call|vangnet|alarmsymptomen",
    "family": r"family(?: history)?|famil(?:ie|y)(?: ?anamnese)?|familiegeschiedenis",
    "social": r"social(?: history| context| circumstances)?|lifestyle|sociale (?:anamnese|context|situatie)"
    r"|leefsituatie|sociaal",
    "concern": r"(?:patient )?(?:concerns?|worr(?:y|ies)|expectations?|wishes)|zorgen|verwachtingen"
    r"|hulpvraag",
    "advice": r"advice|information(?: given)?|advies|voorlichting|informatie",
    "procedure": r"procedures?|ingre(?:ep|pen)|verrichtingen?",
}
"""A topic → what people call it."""
MAIN_TOPICS = frozenset({"symptom", "examination", "assessment", "plan"})
"""Topics whose section goes by their name, however much else stands in it."""

FORMAL_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"can't", "cannot"), (r"won't", "will not"), (r"(\w+)n't", r"\1 not"), (r"(\w+)'ll", r"\1 will"),
        (r"(\w+)'ve", r"\1 have"), (r"(\w+)'re", r"\1 are"), (r"mum", "mother"), (r"dad", "father"),
        (r"tummy", "abdomen"), (r"bloods", "blood tests"), (r"OK", "well"), (r"okay", "well"),
        (r"meds", "medication"), (r"kids", "children"), (r"a lot of", "much"),
    ),
    "nl": (
        (r"pa", "vader"), (r"ma", "moeder"), (r"papa", "vader"), (r"mama", "moeder"), (r"oké", "goed"),
        (r"effe", "even"), (r"pillen", "tabletten"), (r"'t", "het"), (r"d'r", "haar"), (r"m'n", "mijn"),
        (r"z'n", "zijn"),
    ),
}  # fmt: skip
"""Everyday words and short forms, and what a formal letter has; a line whose check differs keeps its own."""
