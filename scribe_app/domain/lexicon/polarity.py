"""Words that turn a statement round, weaken it, take it back, or give it to someone else: English and Dutch.

The lists follow the idea of NegEx and ConText (Chapman et al., J Biomed Inform 2001; Harkema et al.,
2009): a trigger,
a scope, and words that end the scope.
"""

from __future__ import annotations

from scribe_app.domain.lexicon.relatives import BLOOD

NEGATIONS = {
    "en": frozenset((
        "no", "not", "never", "without", "nor", "neither", "none", "nil", "denies", "denied", "deny",
        "denying", "negative",
        "absence", "absent", "free", "unaware", "don't", "doesn't", "didn't", "isn't", "wasn't",
        "aren't", "weren't",
        "haven't", "hasn't",
        "hadn't", "won't", "wouldn't", "can't", "cannot", "couldn't", "shouldn't", "ain't", "nothing",
        "no-one", "nobody", "unable",
    )),
    "nl": frozenset((
        "geen", "niet", "nooit", "zonder", "noch", "niets", "niks", "ontkent", "ontkende", "nergens",
        "niemand", "afwezig",
        "negatief", "evenmin",
    )),
}  # fmt: skip

NOT_NEGATIONS = {
    "en": ("not only", "no doubt", "no change", "not sure", "not certain", "no longer than",
        "no trouble at all", "no problem",
           "no worries", "not just", "whether or not", "not keen", "can't be sure", "cannot be sure",
           "nothing to worry",
           "why not", "not to worry", "i don't know if", "free to", "feel free", "free of charge", "if not",
           "don't hesitate",
           "not improving", "not settling", "not getting better", "not resolving", "does not improve",
           "do not improve",
           "doesn't improve", "don't improve", "not better",
           "does not settle", "not settle", "not limited to", "not enough", "no harm in", "nil of note",
           "nil else", "don't want it to be", "don't want this to be",
           "couldn't stop", "can't stop", "cannot stop", "could not stop",
           "why don't", "why didn't", "why do not", "can't wait", "don't mind", "don't forget",
           "do not forget", "not to mention", "no matter", "isn't it", "isn't that", "aren't you",
           "aren't they", "doesn't it", "didn't you", "haven't you", "wasn't it", "weren't you"),
    "nl": ("niet alleen", "geen probleem", "niet zeker", "geen zorgen", "of niet", "zo niet", "niet beter",
        "niet overgaat", "niet genoeg", "niet minder", "wil niet dat het",
        "kan geen kwaad", "niet ophouden met", "waarom niet", "vergeet niet", "niet vergeten",
        "niet te vergeten", "nietwaar", "niet waar"),
}  # fmt: skip
"""Phrases with such a word that deny nothing, or whose denial belongs to the phrase itself."""

SCOPE_ENDS = {
    "en": frozenset(("but", "however", "although", "though", "except", "exception",
    "exceptions", "besides", "apart", "aside", "because", "which",
    "who", "yet", "still",
                     "only", "just", "until", "unless", "if", "when", "since", "so", "settles", "settle",
                     "eases", "resolves", "improves", "goes", "while",
                     "whereas", "reports", "endorses",
                     "then", "secondary", "due", "has", "have", "is", "was", "are", "were", "otherwise",
                     "some", "try", "associated")),
    "nl": frozenset(("maar", "echter", "behalve", "uitgezonderd", "afgezien", "hoewel", "want",
    "omdat", "die", "wel", "alleen",
    "tenzij", "als", "sinds", "dus",
                     "verder", "terwijl", "waarbij")),
}  # fmt: skip

AVOIDS = {
    "en": frozenset(("avoid", "avoids", "avoiding", "avoided", "refrain", "attempt", "attempted",
    "prevent", "preventing", "ask", "asking", "asked", "regarding", "forbids", "forbidden", "forbade",
        "banned")),
    "nl": frozenset(("vermijd", "vermijden", "vermijdt", "voorkom", "voorkomen", "mijden", "verbiedt",
    "gevraagd", "betreffende")),
}  # fmt: skip
"""What hangs on these is neither there nor denied: "avoid alcohol", "attempted to donate blood"."""

GONE = {
    "en": frozenset(("resolved", "removed", "excluded", "ruled")),
    "nl": frozenset(("verdwenen", "verwijderd", "uitgesloten", "weggehaald", "voorbij", "verboden")),
}  # fmt: skip
"""What stands before these was there once and is not now, or was thought of: "pain, now resolved"."""

NOBODY = frozenset({"nobody", "no-one", "none", "neither", "niemand"})
"""Denials that are the subject of what follows: "nobody at home is ill" denies the illness, too."""

TREATED = {
    "en": frozenset(("treatment", "treatments", "treated", "medication", "medications", "medicine",
    "medicines", "meds", "surgery", "surgeries", "therapy", "tablets", "pills", "antibiotics",
    "prescription", "operation", "hospitalized", "hospitalised", "admitted", "seen", "evaluated")),
    "nl": frozenset(("behandeling", "behandelingen", "behandeld", "medicatie", "medicijn", "medicijnen",
    "medicament", "middel", "middelen", "operatie", "operaties", "therapie", "tabletten", "pillen",
    "antibiotica", "recept", "opgenomen", "geopereerd", "gezien")),
}  # fmt: skip
"""What it is given for is not denied with it: "no treatment for her acne"."""
FOR = frozenset({"for", "voor", "tegen", "wegens", "vanwege"})

MEANWHILE = {
    "en": frozenset({"when", "while", "whenever", "during", "before", "after"}),
    "nl": frozenset({"wanneer", "terwijl", "tijdens", "voordat", "nadat"}),
}
"""What follows is when something is not there, itself neither there nor denied: "no pain while walking"."""

HARDLY = {
    "en": frozenset({"necessarily", "exactly", "proper", "properly", "always", "constantly"}),
    "nl": frozenset({"altijd", "bepaald", "precies", "voortdurend", "zozeer"}),
}
"""After a "not" these leave it open: "not always", "not exactly dizzy"."""
MATTERS = frozenset({
    "issue", "issues", "problem", "problems", "concern", "concerns", "probleem", "problemen", "punt",
})  # fmt: skip
"""What is "not an issue" is neither there nor denied."""

FOLLOWS_WHAT_IT_DENIES = frozenset({"niet", "niets", "nooit"})
"""Dutch denials that follow what they deny as often as they go before it; a comma ends them."""

DENIES_NOUNS = frozenset({"no", "without", "denies", "denied", "deny", "nil", "negative"})
"""Denials that end at a verb ("no fever, has a cough"); in "don't seem to have any pain" it goes on."""

NEW_SUBJECTS = frozenset((
    "i", "you", "he", "she", "it", "we", "they", "my", "your", "his", "her", "our", "their", "the", "there",
    "this", "that", "these", "those", "some", "but",
    "ik", "u", "uw", "mijn", "de", "het", "er", "hij", "zij", "ze", "wij", "we", "dit", "dat", "maar", "wel",
))  # fmt: skip
"""After a comma or an "and" a new sentence begins with these."""

FINDS = frozenset((
    "normal", "clear", "regular", "intact", "positive", "slightly", "slight", "mild", "moderate", "social",
    "occasional", "occasionally", "minimal", "good", "soft", "lives", "works", "takes", "has", "feels",
    "drinks", "smokes", "uses", "helps", "looks", "now", "calm", "cooperative", "alert", "oriented",
    "comfortable", "pleasant", "rustig", "coöperatief", "georiënteerd", "ontspannen",
    "normaal", "normale", "regelmatig", "soepel", "lichte", "licht", "matig", "matige", "soms", "werkt",
    "woont", "gebruikt", "heeft", "voelt", "drinkt", "rookt", "slikt", "helpt",
))  # fmt: skip
"""After a comma these begin a finding of their own: "no swelling, normal creases"."""

HEDGES = {
    "en": ("may be", "might be", "could be", "may have", "might have", "could have", "possibl*", "probabl*",
        "perhaps", "maybe",
           "i think", "likely", "suspect*", "suggest*", "sounds like", "looks like", "can't be sure",
           "not sure", "not certain",
           "query", "differential", "potential*", "presum*", "appears to be", "seems", "concern* for",
           "concerning for",
           "consistent with", "?", "rule out", "would be", "if it is", "think", "may represent",
           "impression", "imp"),
    "nl": ("misschien", "mogelijk*", "waarschijnlijk", "vermoed*", "ik denk", "denk ik", "kan zijn",
        "zou kunnen", "lijkt",
           "past bij", "verdenking", "niet zeker", "wellicht", "dd", "denkt aan", "?", "denken aan",
           "aanwijzingen voor"),
}  # fmt: skip

_WHOSE = ("father", "dad", "mother", "mum", "mom", "brother", "sister")
_POSSESSIVE = {f"{name}'s": BLOOD["en"][name] for name in _WHOSE}
RELATIVES: dict[str, str] = {**BLOOD["en"], **_POSSESSIVE, **BLOOD["nl"]}
"""Blood relatives under one name."""

FAMILY_WORDS = {"en": ("family", "familial", "fh", "fhx", "hereditary", "relative", "relatives"),
                "nl": ("familie", "familiair", "familieanamnese", "erfelijk", "erfelijke",
                    "famanamnese")}  # fmt: skip

TAKEN_BACK = {
    "en": (
        r"(?:no,? (?:sorry|wait|actually|i mean|it was|it's|make that|more like|about|hang on|hold on)"
        r"|sorry,? (?:no|i mean|i meant|it's|that's)|i mean|i meant|or rather|scratch that|correction"
        r"|wait,? no"
        r"|actually,? (?:no|it's|it was|make that|more like)|well,? actually|make that|let me correct)"
    ),
    "nl": (
        r"(?:nee,? (?:wacht|sorry|het was|het is|eigenlijk|ik bedoel|toch|herstel)|wacht,? nee"
        r"|sorry,? (?:nee|ik bedoel)|ik bedoel(?:de)?|of nee|of eigenlijk|herstel|correctie"
        r"|eigenlijk,? (?:nee|was het|is het))"
    ),
}
"""Regular expressions for the words with which speakers correct themselves."""

SIDES: dict[str, str] = {
    "left": "left", "left-sided": "left", "lt": "left", "llq": "left", "luq": "left", "lif": "left",
     "lhs": "left",
    "right": "right", "right-sided": "right", "rt": "right", "rlq": "right", "ruq": "right", "rif": "right",
    "rhs": "right",
    "bilateral": "both", "bilaterally": "both", "both": "both",
    "links": "left", "linker": "left", "linkse": "left", "linkerkant": "left", "linkerzijde": "left",
     "rechts": "right",
    "rechter": "right", "rechtse": "right", "rechterkant": "right", "rechterzijde": "right",
    "beide": "both",
    "beiderzijds": "both", "bdz": "both", "tweezijdig": "both", "dubbelzijdig": "both",
}  # fmt: skip

NO_SIDE = (
    "right away", "right now", "all right", "that's right", "right across", "right a cross",
    "right along", "right the way", "right hand page", "right then",
    "right so", "right okay", "right ok",
    "right?", "right.", "right,", "right!", "is right", "you're right", "am right", "are right",
    "okay right", "the right thing", "right there", "right here",
    "right before", "right after", "right at", "right in the", "right up", "right down", "right through",
    "just right", "right well", "right and",
    "left over", "i left", "left the", "left it", "left my", "have left", "has left", "had left",
    "left school", "left work", "any left", "right direction", "right track",
    "right i", "right um", "right uh", "not right", "it's right", "quite right", "feel right",
    "feels right", "right about", "right around", "right behind", "sound right", "sounds right",
    "been left", "what's left", "left with",
)  # fmt: skip
"""Phrases in which "right" or "left" is no side; a final "right" as a question or acknowledgement too."""

BODY: tuple[str, ...] = (
    "arm",
    "leg",
    "knee",
    "hip",
    "shoulder",
    "elbow",
    "wrist",
    "hand",
    "foot",
    "feet",
    "ankle",
    "ear",
    "eye",
    "side",
    "sided",
    "breast",
    "lung",
    "kidney",
    "chest",
    "abdomen",
    "tummy",
    "flank",
    "groin",
    "thigh",
    "calf",
    "toe",
    "finger",
    "thumb",
    "neck",
    "jaw",
    "face",
    "temple",
    "quadrant",
    "heel",
    "shin",
    "forearm",
    "testicle",
    "ovary",
    "cheek",
    "buttock",
    "iliac",
    "lobe",
    "rib",
    "back",
    "bicep",
    "upper",
    "lower",
    "nostril",
    "tonsil",
    "hemithorax",
    "extremity",
    "extremities",
    "scapula",
    "atrium",
    "ventricle",
    "lumbar",
    "ureter",
    "spine",
    "inguinal",
    "base",
    "palm",
    "patella",
    "clavicle",
    "eyelid",
    "nipple",
    "axilla",
    "armpit",
    "hamstring",
    "carotid",
    "pupil",
    "collarbone",
    "forehead",
    "toenail",
    "nostril",
    "bundle",
    "coronary",
    "loin",
    "ovarian",
    "one",
    "hemisphere",
    "bimanual",
    "adnexal",
    # Dutch
    "been",
    "knie",
    "heup",
    "schouder",
    "elleboog",
    "pols",
    "voet",
    "enkel",
    "oor",
    "oog",
    "kant",
    "zij",
    "zijde",
    "borst",
    "long",
    "nier",
    "buik",
    "onderbuik",
    "bovenbuik",
    "lies",
    "dij",
    "kuit",
    "teen",
    "tenen",
    "vinger",
    "duim",
    "nek",
    "kaak",
    "wang",
    "bil",
    "slaap",
    "hiel",
    "scheen",
    "onderarm",
    "bovenarm",
    "bovenbeen",
    "onderbeen",
    "hals",
    "lende",
    "ooglid",
    "sleutelbeen",
    "schouderblad",
    "oksel",
    "eierstok",
    "testikel",
    "zaadbal",
    "rug",
    "neusgat",
    "hemisfeer",
)
"""Parts of the body that have a side."""

YES_ANSWERS = {
    "en": ("yes", "yeah", "yep", "yup", "i do", "i have", "i am", "it does", "it is", "correct",
        "definitely", "of course", "sometimes",
           "a bit", "a little", "unfortunately", "occasionally", "mm-hmm", "mhm", "uh-huh", "absolutely",
           "sure", "exactly", "that's right", "that is right", "sounds right", "i think so", "i believe so",
           "i did"),
    "nl": ("ja", "jawel", "klopt", "inderdaad", "soms", "een beetje", "zeker", "helaas", "af en toe",
        "dat wel", "wel eens", "weleens", "best wel", "nou en of", "regelmatig", "ik denk het wel",
        "ik geloof het wel", "volgens mij wel", "dat is zo"),
}  # fmt: skip
NO_ANSWERS = {
    "en": ("no", "nope", "nah", "not really", "never", "none", "nothing", "neither", "i don't", "i haven't",
        "it doesn't", "it hasn't",
           "not at all", "i do not", "i have not", "not that i", "i'm not", "don't think so", "don't think i",
           "i wouldn't",
           "um no", "uh no", "oh no", "absolutely not", "definitely not", "certainly not", "of course not",
           "not exactly", "not recently", "not lately", "not yet", "not currently", "not anymore",
        "not any more", "not right now", "not today", "not now"),
    "nl": ("nee", "neen", "nooit", "helemaal niet", "niet echt", "eigenlijk niet", "ook niet", "niet",
        "geen", "niks", "niets", "welnee", "nergens", "dat niet", "zeker niet", "absoluut niet",
        "beslist niet", "natuurlijk niet", "geenszins"),
}  # fmt: skip
