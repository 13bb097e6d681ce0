"""Where a "no" denies less than what follows it: corrections, questions, results, "not that often"."""

from __future__ import annotations

import re

CORRECTS_ITSELF = {
    "en": re.compile(
        r"(?:^|[,.;!?-]|\b(?:or|um|uh)\b)?\s*\b(?:no,? (?:sorry|wait|hang on|hold on|make that|more like"
        r"|i meant)\b"
        r"|sorry,? no\b|wait,? no\b|or rather,? no\b)[\s,]*"
        r"|(?:^|[,.;!?-])\s*no,? (?:actually|rather|i mean|it was|it's more)\b[\s,]*"
    ),
    "nl": re.compile(
        r"(?:^|[,.;!?-]|\b(?:of|eh|ehm)\b)?\s*\b(?:nee,? (?:sorry|wacht|herstel|ik bedoel|pardon"
        r"|liever gezegd)\b"
        r"|sorry,? nee\b|wacht,? nee\b|of nee\b)[\s,]*"
        r"|(?:^|[,.;!?-])\s*nee,? (?:eigenlijk|het was|eerder|het is eerder)\b[\s,]*"
    ),
}
"""A "no" that takes back what was just said, and denies nothing of what follows: "no, sorry, four weeks"."""

NEGATIVE_QUESTION = re.compile(
    r"(?:(?<=^)|(?<=[.?!,;] )|(?<=\band )|(?<=\bbut )|(?<=\bso ))"
    r"((?:is|are|was|were|do|does|did|have|has|had|would|could|should))n't"
    r"(?= (?:you|it|this|that|there|he|she|they|the|your|we|i|these|those)\b)"
)
"""Questions that expect a yes: "isn't this your second visit?"."""

BEING_NO_PAIN = re.compile(
    r"\b(?:being|meaning) no pain\b(?: at all)?|\bgeen pijn (?:is )?(?=en\s+(?:de )?(?:ergst|hevigst|meest))"
)
"""The end of a scale."""

NOT_SO_MUCH = {
    "en": re.compile(
        r"(?:(?!(?:but|and|or|because)\b)[\w'-]+ ){0,5}?(?:(?:that|very|too|as|so|all that) (?:often|much"
        r"|many|frequently)"
        r"|a lot|regularly|often|every (?:day|night|week)|everyday)\b"
    ),
    "nl": re.compile(
        r"(?:(?!(?:maar|en|of|want|omdat)\b)[\w'-]+ ){0,3}?(?:(?:zo|heel|erg|al te|te) (?:vaak|veel)|vaak"
        r"|veel"
        r"|regelmatig|elke (?:dag|nacht|week)|iedere (?:dag|nacht|week)|dagelijks)\b"
    ),
}
"""After a "not": how often or how much is denied, not the thing: "don't drink that often"."""

THINKS = frozenset({"think", "believe", "denk", "geloof"})
"""Who does "not think" something leaves its subject as it is."""

RESULT = frozenset({"negative", "negatief", "negatieve"})
"""What a test was; without a "for" it denies nothing by itself."""

VERBS_AFTER_AND = frozenset((
    "has", "had", "feels", "felt", "lives", "works", "takes", "uses", "looks", "helps", "says", "states",
    "reports", "continues", "remains", "wants", "plans", "completely", "heeft", "had", "voelt", "woont",
        "werkt",
    "gebruikt", "slikt", "blijft", "wil", "zegt", "vertelt", "meldt",
))  # fmt: skip
"""After an "and" these begin what is said of the patient, no longer denied: "no fever and feels well"."""
