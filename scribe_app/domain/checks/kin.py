"""Relatives as they are spoken of: by their own names, by another's ("my mother's sister"), or speaking."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scribe_app.domain.lexicon.polarity import RELATIVES
from scribe_app.domain.words import plain, words_in

_PARENT = r"(?:mother|mom|mum|mommy|father|dad|daddy|moeder|mama|vader|papa)"
_NEXT = r"(sister|brother|mother|mom|mum|father|dad|zus|zuster|broer|moeder|vader)s?"
_OF_A_PARENT = re.compile(
    rf"\b{_PARENT}(?:'?s)? {_NEXT}\b|\b{_PARENT}\b[^.?!]{{0,40}}\b(?:her|his|haar|zijn) {_NEXT}\b"
    rf"|\b{_NEXT} (?:of|van) (?:my|his|her|mijn|zijn|haar) {_PARENT}\b"
)
_VIEW = re.compile(r"\bPA\b")
"""A chest film's direction, no father."""
_YOUNG = {
    "son": re.compile(
        r"\b(?:my|our|two|three|four|\d|have|has|adopted) (?:(?:a|an|\w+) )?(?:boys?|jongens?|zoontjes?)\b"
    ),
    "daughter": re.compile(
        r"\b(?:my|our|two|three|four|\d|have|has|adopted) (?:(?:a|an|\w+) )?(?:girls?|meisjes?"
        r"|dochtertjes?)\b"
    ),
}
"""Sons and daughters as their parents call them."""
_IN_TURN = {"sister": "aunt", "brother": "uncle", "mother": "grandmother", "father": "grandfather"}
_OF_THE_CHILD = {"son": "brother", "daughter": "sister"}
_COUSINS = re.compile(r"\b(?:my|our|mijn|onze) (?:nephew|niece|neefje|nichtje|neef|nicht)s?\b")
"""A parent's nephews and nieces are the child's cousins."""
CHILDREN = frozenset({"son", "daughter"})
"""Relatives who are the patient where a parent speaks."""
_PARENTS = frozenset({"mother", "father"})


def relatives_in(text: str) -> dict[str, str]:
    """Blood relatives named in a text: comparison name → word."""
    text = _VIEW.sub(" ", text)
    return {RELATIVES[word]: word for word in words_in(text) if word in RELATIVES}


def spoken_of(texts: Iterable[str], companion: bool) -> frozenset[str]:
    """Relatives of the patient that these texts tell of, under their comparison names.

    `companion`: somebody else speaks for the patient; that may be a parent, whose son is a brother.
    """
    found: set[str] = set()
    texts = tuple(texts)
    for text in texts:
        found |= relatives_in(text).keys()
        found |= {name for name, pattern in _YOUNG.items() if pattern.search(plain(text))}
        for match in _OF_A_PARENT.finditer(plain(text)):
            found.add(_IN_TURN[RELATIVES[next(group for group in match.groups() if group)]])
    if "parents" in found:
        found |= _PARENTS
    if companion:
        found |= {"parents", "grandmother", "grandfather", *_PARENTS}
        found |= {"cousin" for text in texts if _COUSINS.search(plain(text))}
        found |= {_OF_THE_CHILD[name] for name in found if name in _OF_THE_CHILD}
    return frozenset(found | {"parents"} if found >= _PARENTS else found)
