"""The words of a text with their senses: asserted, denied, or open ("if the pain comes back")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scribe_app.domain.lexicon.clinical_words import PHRASES
from scribe_app.domain.lexicon.denials import (
    BEING_NO_PAIN,
    CORRECTS_ITSELF,
    NEGATIVE_QUESTION,
    NOT_SO_MUCH,
    RESULT,
    THINKS,
    VERBS_AFTER_AND,
)
from scribe_app.domain.lexicon.polarity import (
    AVOIDS,
    DENIES_NOUNS,
    FINDS,
    FOLLOWS_WHAT_IT_DENIES,
    FOR,
    GONE,
    HARDLY,
    MATTERS,
    MEANWHILE,
    NEGATIONS,
    NEW_SUBJECTS,
    NOBODY,
    NOT_NEGATIONS,
    SCOPE_ENDS,
    TREATED,
)
from scribe_app.domain.words import phrase_pattern, plain

_WORD = re.compile(r"[^\W\d]+(?:[-'][^\W\d]+)*|,")
_INTERJECTION = re.compile(
    r"(?:(?<=^)|(?<=[.!?]))\s*(?:(?:um|uh|oh|well|yeah|okay|ok|nou|ja),? )*(?:no|nope|nee|neen)(?=[,.!?]|$)"
)
_ANSWER_NO = re.compile(
    r"^\s*(?:no|nee) (?=(?:i|it|it's|i'm|i've|just|only|that's|my|he|she|we|no|ik|het|mijn|alleen|dat)\b)"
)
_SOUNDS = re.compile(
    r"\s*,?\s*\b(?:you know|i mean|um|uh|erm|uhm|eh|ehm|zeg maar|weet je)\b(?! (?:if|that|what|how|of))\s*,?"
)
_ADDRESSED = re.compile(r"\b(no|yes|nee|ja),? (?:sir|ma'am|madam|doctor|doc|dokter|meneer|mevrouw)\b")
_NO_ONE = re.compile(r"\bno one\b(?! (?:thing|side))")
_NON = re.compile(r"\bnon[- ](?=smok|drink)")


def prepared(text: str, language: str) -> str:
    """Lower case, phrases joined to one word, and a mere "No," at the start taken off."""
    text = plain(text).replace("(", " ").replace(")", " ").replace("...", " ")
    text = _NO_ONE.sub("no-one", _ADDRESSED.sub(r"\1", text))
    text = BEING_NO_PAIN.sub(" ", CORRECTS_ITSELF[language].sub("; ", text))
    text = NEGATIVE_QUESTION.sub(r"\1", text)
    text = _NON.sub("not ", _SOUNDS.sub(lambda m: ", " if "," in m[0] else " ", text))
    text = _INTERJECTION.sub(" ", text)
    text = _ANSWER_NO.sub(" ", text)
    for phrase, word in PHRASES:
        if phrase in text:
            text = text.replace(f"-{phrase}", f" {word}").replace(phrase, word)
    return phrase_pattern(NOT_NEGATIONS[language]).sub(lambda m: m[0].replace(" ", "_"), text)


_ASSERTED, _DENIED, OPEN = frozenset({False}), frozenset({True}), frozenset({True, False})
_IF = {
    "en": frozenset({"if", "should", "unless", "whether"}),
    "nl": frozenset({"als", "indien", "mocht", "tenzij", "wanneer"}),
}
_TURNS = {
    "en": frozenset({"okay", "ok", "alright", "anyway", "now"}),
    "nl": frozenset({"oké", "goed", "prima", "nou"}),
}
"""Words with which a speaker goes on to something else."""
_REACH = 14
"""Words after an "if" or an "avoid" that hang on it."""
_RUN_ON = 25
"""Words without any mark from which on a clause is several."""
_SPEAKERS = frozenset({"i", "you", "your", "there's", "there", "he's", "she's", "ik", "u", "uw", "er"})
"""With these a new clause begins in speech without marks."""
_PERSONS = frozenset({"he", "she", "they"})
_JOINS = frozenset(
    {"that", "nor", "or", "and", "if", "when", "did", "does", "do", "has", "had", "is", "was", "were"}
)
_HAVE = frozenset({"have", "has"})
_VERBS = frozenset({"is", "are", "was", "were", "seem", "seems", "look", "looks", "has", "have"})
_DETERMINERS = frozenset(
    {"the", "your", "my", "his", "her", "our", "their", "this", "that", "these", "those"}
)
_SIGNS_OF = frozenset({"evidence", "sign", "signs", "symptoms", "features", "history", "complaints"})
_LOOKED_FOR = {
    "en": frozenset({"measured", "checked", "taken", "recorded", "tested", "examined", "assessed", "done"}),
    "nl": frozenset({"gemeten", "gecontroleerd", "onderzocht", "nagekeken", "bepaald", "getest", "verricht"}),
}
"""After a "not" these tell that nobody looked: what stands beside them is neither there nor denied."""
_NO, _FEW = frozenset({"no", "nope", "nee", "neen"}), 4
"""A "no" at the end of so few words denies what they name."""
_DENIED_AFTER, _SEVERAL = frozenset({"nil", "none", "denied", "denies", "ontkend", "ontkent", "geen"}), 7
"""The same, as notes have it: "fever nil", "alcohol use, denies"."""
_CAME_BACK = frozenset({"back", "tested", "be", "been", "werd", "bleek", "zijn", "waren"})
_DEGREE = 8
"""Words after a "not" within which it is only so often, or so much, that is denied."""
_OF_THE = re.compile(r"(?:of|van) (?:the|my|your|his|her|these|those|de|mijn|uw|zijn|haar|deze|die) ")
_LONGEST_SUBJECT = 5
"""Words from a determiner to its verb: "no lesions the vaginal vault is …"."""


def clause_words(clause: str, language: str) -> list[tuple[str, frozenset[bool]]]:
    """Words of one clause with their senses: asserted, denied, or open after an "if" or an "avoid"."""
    tokens: list[str] = []
    harmless: set[int] = set()
    for joined in _WORD.findall(clause):
        parts = [part for part in joined.split("_") if part]
        if len(parts) > 1:  # of this place only: "why don't we … I don't see any swelling"
            harmless |= set(range(len(tokens), len(tokens) + len(parts)))
        tokens += parts
    return _Scope(tokens, harmless, language).words()


@dataclass
class _Scope:
    """Goes through the words of a clause and holds what is denied or open at each."""

    tokens: list[str]
    harmless: set[int]
    """Places of words that deny nothing there, as in "not sure"."""
    language: str
    result: list[tuple[str, frozenset[bool]]] = field(default_factory=list)
    sense: frozenset[bool] = _ASSERTED
    since_comma: int = 0
    opened: int = 0
    denied_by: str = ""
    meanwhile: bool = False
    """Open since a "while" or a "for": up to the next sentence only."""

    def words(self) -> list[tuple[str, frozenset[bool]]]:
        if self._ends_with_its_denial():
            return [(word, _DENIED) for word in self.tokens[:-1] if word != ","]  # "Diarrhoea, no."
        self.run_on = len(self.tokens) > _RUN_ON and "," not in self.tokens
        for position, word in enumerate(self.tokens):
            self._end_by_distance(position, word)
            if word == ",":
                self._comma(position)
            elif word in ("and", "en") and self._next(position) in NEW_SUBJECTS | VERBS_AFTER_AND:
                self._end_denial()
            elif word in RESULT and self._next(position) not in FOR and position not in self.harmless:
                self._tested(position, word)
            elif word in _IF[self.language] or word in AVOIDS[self.language]:
                self.sense, self.opened = OPEN, position
                self.result.append((word, OPEN))
            elif word in GONE[self.language]:
                self.result = [(earlier, OPEN) for earlier, _ in self.result]
                self.result.append((word, OPEN))
            elif word in NEGATIONS[self.language] and position not in self.harmless:
                self._deny(position, word)
            elif word in NEGATIONS[self.language]:  # "no pain and no problem walking"
                self._end_denial()
                self.result.append((word, self.sense))
            else:
                self._plain_word(position, word)
        return self.result

    def _ends_with_its_denial(self) -> bool:
        """Whether a few words end with their denial: "Diarrhoea, no.", "Alcohol use: denies"."""
        last, others = (self.tokens or [""])[-1], self.tokens[:-1]
        if not others or NEGATIONS[self.language] & set(others):
            return last in _NO and 0 < len(others) < _FEW
        return (last in _NO and len(others) < _FEW) or (last in _DENIED_AFTER and len(others) < _SEVERAL)

    def _next(self, position: int) -> str:
        return self.tokens[position + 1] if position + 1 < len(self.tokens) else ""

    def _end_denial(self) -> None:
        self.sense = _ASSERTED if self.sense is _DENIED else self.sense

    def _end_by_distance(self, position: int, word: str) -> None:
        """Speech without marks: a turn of phrase, or a new speaker's word, begins a new sentence."""
        far = position - self.opened
        if word in _TURNS[self.language] or (self.sense is OPEN and far > _REACH):
            self.sense = _ASSERTED
        if self.sense is _DENIED and self.run_on and word in _SPEAKERS and far > 1:
            self.sense = _ASSERTED

    def _comma(self, position: int) -> None:
        self.since_comma = len(self.result)
        following = self._next(position)
        ends = following in NEW_SUBJECTS | FINDS or self.denied_by in FOLLOWS_WHAT_IT_DENIES
        ends = ends or (self.meanwhile and following in NEGATIONS[self.language])
        if ends:
            self._end_denial()
            self.sense = _ASSERTED if self.meanwhile else self.sense
            self.meanwhile = False

    def _deny(self, position: int, word: str) -> None:
        matters = MATTERS & set(self.tokens[position + 1 : position + 4])  # "the pain is not an issue"
        if self._next(position) in _LOOKED_FOR[self.language] or (matters and self.result):
            self.sense, self.opened = OPEN, position  # "not measured" denies no fever
            if matters or word in FOLLOWS_WHAT_IT_DENIES:
                self.result[self.since_comma :] = [(w, OPEN) for w, _ in self.result[self.since_comma :]]
            return
        if self._next(position) in HARDLY[self.language] or self._denies_a_part(position, word):
            self.sense, self.opened = OPEN, position
            return
        anew = self.sense is _ASSERTED or self.meanwhile  # "negative for this … no that"
        self.sense, self.denied_by, self.meanwhile = (_DENIED if anew else self.sense), word, False
        self.opened = position if self.sense is _DENIED else self.opened
        if self.language == "nl" and word in FOLLOWS_WHAT_IT_DENIES:  # "overgeven niet"
            self.result[self.since_comma :] = [(w, _DENIED) for w, _ in self.result[self.since_comma :]]

    def _denies_a_part(self, position: int, word: str) -> bool:
        """Whether only how much is denied, or all of what is there: "don't drink that often",
        "none of the pills"."""
        following = " ".join(self.tokens[position + 1 : position + _DEGREE])
        if word in ("none", "geen"):
            return bool(_OF_THE.match(following))
        return word not in DENIES_NOUNS and bool(NOT_SO_MUCH[self.language].match(following))

    def _tested(self, position: int, word: str) -> None:
        """A result denies nothing that it was looked for in: "a negative scan", "the scan was negative"."""
        before = self.tokens[position - 1] if position else ""
        if before in _VERBS | _CAME_BACK:
            self.result = [(w, sense if sense is _DENIED else OPEN) for w, sense in self.result]
        elif self.sense is _ASSERTED:
            self.sense, self.opened, self.meanwhile = OPEN, position, True
        self.result.append((word, self.sense))

    def _plain_word(self, position: int, word: str) -> None:
        if self.sense is _DENIED and self._leaves_open(position, word):
            self.sense, self.opened, self.meanwhile = OPEN, position, True
        elif self.sense is _DENIED and self._ends_scope(position, word):
            if self.run_on and word in _VERBS:
                self._assert_subject(_ASSERTED)
            elif word in _VERBS and THINKS & set(self.tokens[self.opened + 1 : self.opened + 3]):
                self._assert_subject(OPEN)  # "I don't think the scan was done"
            self.sense = _ASSERTED
        self.result.append((word, self.sense))

    def _leaves_open(self, position: int, word: str) -> bool:
        """Whether what follows is only when, or for what, something is denied."""
        if word in FOR:
            return bool(TREATED[self.language] & set(self.tokens[max(0, position - 3) : position]))
        return word in MEANWHILE[self.language] and not self.run_on

    def _ends_scope(self, position: int, word: str) -> bool:
        between = self.tokens[self.opened + 1 : position]
        if word in _PERSONS and between and between[-1] not in _JOINS and not THINKS & set(between):
            return True  # "it did not get better she came back"
        if word in _VERBS and self.denied_by in NOBODY:
            return False  # "nobody at home is ill"
        if word == "otherwise":
            return self._next(position) != ","  # "no health problems otherwise, fevers or chills"
        if word in _HAVE and self.denied_by not in DENIES_NOUNS:
            return False  # "don't seem to have any pain"
        if word == "of":  # "a CT without contrast of …", not "without evidence of …"
            away = position - self.opened > 1 and self.tokens[position - 1] not in _SIGNS_OF
            return self.denied_by == "without" and away
        if word == "yet":
            return position - self.opened > 1  # "not yet started the new tablets"
        if word == "associated":
            return self._next(position) == "with"
        if word in ("on", "bij") and self._next(position + 1) in ("exam", "examination", "onderzoek"):
            return self.run_on
        return word in SCOPE_ENDS[self.language]

    def _assert_subject(self, sense: frozenset[bool]) -> None:
        """What stands between the last determiner and its verb was no longer denied, but has this sense."""
        for back in range(1, min(_LONGEST_SUBJECT, len(self.result)) + 1):
            word, held = self.result[-back]
            if word in _DETERMINERS:
                self.result[-back:] = [(w, sense) for w, _ in self.result[-back:]]
                return
            if held is not _DENIED:
                return
