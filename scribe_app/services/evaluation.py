"""Letters and notes measured: what one system made of one consultation, checked and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import UNSETTLED, Letter, Statement
from scribe_app.domain.measures import fidelity
from scribe_app.domain.measures.cases import Case
from scribe_app.domain.measures.citations import LabelledStatement, is_grounded, precision
from scribe_app.domain.measures.critical_facts import is_carried, is_worded
from scribe_app.domain.measures.notes import NoteLine, division_of_topics
from scribe_app.domain.measures.placement import placed_as
from scribe_app.domain.measures.rouge import Rouge, rouge
from scribe_app.domain.measures.shares import Share, share_of
from scribe_app.domain.planted_errors import planted
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import Transcript
from scribe_app.services.evidence import check_statement

ANY_HEADING = SectionSpec("any", "", "")
FAMILY_HEADING = SectionSpec("family", "", "", ("family",))
_NO_PASSAGE = "no_evidence"


@dataclass(frozen=True)
class Written:
    """What one system wrote about one consultation: statements, checked, in their parts of the letter."""

    statements: tuple[Statement, ...]
    lines: tuple[NoteLine, ...]
    """The same statements as text, with the part that each stands in."""
    listed: tuple[Statement, ...] = ()
    """The list of what was said and is not written, each entry with its utterance."""
    specs: tuple[SectionSpec, ...] = ()
    """The heading over each statement."""

    @property
    def false_alarms(self) -> tuple[Statement, ...]:
        """Doubted statements for which there is a passage: of a person's note, false alarms."""
        return tuple(s for s in self.statements if s.support in UNSETTLED and _has_passage(s))

    @property
    def kept(self) -> tuple[Statement, ...]:
        """Statements that are not doubted."""
        return tuple(statement for statement in self.statements if statement.support not in UNSETTLED)


def from_letter(letter: Letter, template: LetterTemplate) -> Written:
    """A letter of this program, as it was checked when it was written."""
    specs = {spec.key: spec for spec in template.sections}
    pairs = [(s, specs[section.key]) for section in letter.sections for s in section.statements]
    lines = tuple(NoteLine(statement.text, division_of_topics(spec.topics)) for statement, spec in pairs)
    listed = tuple(Statement(item.text, evidence=(item.utterance,)) for item in letter.coverage.items)
    return Written(tuple(s for s, _ in pairs), lines, listed, tuple(spec for _, spec in pairs))


def from_lines(lines: Sequence[NoteLine], transcript: Transcript) -> Written:
    """Sentences that cite nothing, checked against the passages that come nearest."""
    specs = tuple(FAMILY_HEADING if line.family else ANY_HEADING for line in lines)
    pairs = zip(lines, specs, strict=True)
    statements = tuple(check_statement(Statement(line.text), spec, transcript) for line, spec in pairs)
    return Written(statements, tuple(lines), specs=specs)


def from_transcript(transcript: Transcript) -> Written:
    """The transcript itself in place of a letter: says everything, invents nothing, sorts nothing."""
    statements = tuple(Statement(u.text, evidence=(u.id,), quoted=True) for u in transcript)
    checked = tuple(check_statement(statement, ANY_HEADING, transcript) for statement in statements)
    return Written(checked, tuple(NoteLine(s.text) for s in statements), specs=(ANY_HEADING,) * len(checked))


@dataclass(frozen=True)
class Scores:
    """What was counted in one note about one consultation."""

    shares: Mapping[str, Share] = field(default_factory=dict)
    rouge: Rouge | None = None


class Yardstick:
    """What one consultation's notes are measured by, worked out once for all of them."""

    def __init__(self, case: Case) -> None:
        self.case, self.language = case, case.transcript.language
        self.said = fidelity.said_in(case.transcript)
        self.reference = [line.text for line in case.reference]
        spoken = [utterance.text for utterance in case.transcript]
        pairs = [f"{one} {two}" for one, two in pairwise(spoken)]
        passages = [read(text, self.language, True) for text in spoken + pairs] if case.checklist else []
        self.checklist = [fact for fact in case.checklist if is_worded(fact, passages, self.language)]
        """Of the checklist, what the rule finds in the transcript itself."""

    def carried(self, statements: Sequence[Statement]) -> list[bool]:
        """For each fact whether the statements carry it."""
        if self.case.facts:
            return [is_carried(fact, statements, self.language) for fact in self.case.facts]
        readings = [read(statement.text, self.language, True) for statement in statements]
        return [is_worded(fact, readings, self.language) for fact in self.checklist]

    def missing(self, written: Written) -> list[str]:
        """Facts that are in neither letter nor list."""
        facts = [fact.text for fact in self.case.facts] or self.checklist
        both = zip(facts, self.carried(written.kept), self.listed(written.listed), strict=True)
        return [fact for fact, in_letter, in_list in both if not in_letter and not in_list]

    def listed(self, items: Sequence[Statement]) -> list[bool]:
        """For each fact whether the list of what is not written tells it."""
        if self.case.facts:
            told = {id for item in items for id in item.evidence}
            return [bool(fact.utterances & told) for fact in self.case.facts]
        return self.carried(items)


Measure = Callable[[Written, Yardstick], Share]


def score(written: Written, yardstick: Yardstick) -> Scores:
    """Every measure; of nothing where the consultation has not what it takes."""
    shares = {name: measure(written, yardstick) for name, measure in MEASURES.items()}
    if not yardstick.case.note:
        return Scores(shares)
    return Scores(shares, rouge([line.text for line in written.lines], yardstick.reference))


def _numbers_unsaid(written: Written, by: Yardstick) -> Share:
    return fidelity.numbers_unsaid(_texts(written.statements), by.said)


def _numbers_unmarked(written: Written, by: Yardstick) -> Share:
    """Numbers that nobody said, in statements that nothing is doubted of; of all numbers."""
    unmarked = fidelity.numbers_unsaid(_texts(written.kept), by.said).part
    return Share(unmarked, _numbers_unsaid(written, by).whole)


def _unsupported(written: Written, by: Yardstick) -> Share:
    return share_of(statement.support in UNSETTLED for statement in written.statements)


def _alarms(written: Written, by: Yardstick) -> Share:
    """Doubted statements, of those for which the transcript has a passage at all."""
    return share_of(s.support in UNSETTLED for s in written.statements if _has_passage(s))


def _alarms_though_said(written: Written, by: Yardstick) -> Share:
    """The same without those in which a reader found something that nobody said."""
    unsaid = by.case.not_spoken
    spoken = (statement for statement in written.statements if _has_passage(statement))
    return share_of(s.support in UNSETTLED and s.text not in unsaid for s in spoken)


def _facts_with_list(written: Written, by: Yardstick) -> Share:
    both = zip(by.carried(written.kept), by.listed(written.listed), strict=True)
    return share_of(in_letter or in_list for in_letter, in_list in both)


MEASURES: dict[str, Measure] = {
    "numbers_unsaid": _numbers_unsaid,
    "numbers_unsaid_unmarked": _numbers_unmarked,
    "numbers_kept": lambda note, by: fidelity.numbers_kept(_texts(note.statements), by.reference, by.said),
    "drugs_unsaid": lambda note, by: fidelity.drugs_unsaid(_texts(note.statements), by.said),
    "drugs_kept": lambda note, by: fidelity.drugs_kept(_texts(note.statements), by.reference, by.said),
    "doses_unsaid": lambda note, by: fidelity.doses_unsaid(_texts(note.statements), by.said),
    "terms_turned": lambda note, by: fidelity.terms_turned(
        _texts(note.statements), by.reference, by.language
    ),
    "unsupported": _unsupported,
    "alarms": _alarms,
    "alarms_though_said": _alarms_though_said,
    "facts": lambda note, by: share_of(by.carried(note.kept)),
    "facts_with_list": _facts_with_list,
    "placed": lambda note, by: placed_as(note.lines, by.case.reference, by.language),
}


def planted_found(
    written: Written, case: Case, cited: bool = True
) -> dict[str, tuple[Share, tuple[str, ...]]]:
    """For each kind of error planted into undoubted statements: how many are found, and which are not.

    `cited`: whether the wrong statement names the utterances of the right one; else they are searched for.
    """
    found: dict[str, list[bool]] = {}
    missed: dict[str, list[str]] = {}
    language = case.transcript.language
    for statement, spec in zip(written.statements, written.specs, strict=True):
        if statement.support in UNSETTLED or not statement.evidence:
            continue
        for kind, text in planted(statement.text, language, statement.quoted):
            ids = statement.evidence if cited else ()
            wrong = Statement(text, evidence=ids, quoted=statement.quoted)
            doubted = check_statement(wrong, spec, case.transcript).support in UNSETTLED
            found.setdefault(kind, []).append(doubted)
            if not doubted:
                missed.setdefault(kind, []).append(f"{text}  <- {statement.text}")
    return {kind: (share_of(all_of), tuple(missed.get(kind, ()))) for kind, all_of in found.items()}


@dataclass(frozen=True, slots=True)
class CitationScores:
    """Citations of some statements against labels."""

    precision: Share
    grounded: Share
    """Statements with at least one citation that says their main part."""
    wrong: tuple[str, ...]
    """What was cited and does not say the statement, for people to look at."""


def cited_in_letters(labels: Iterable[LabelledStatement], letters: Mapping[str, Written]) -> CitationScores:
    """What letters cite for those of their statements that are labelled word for word."""
    told = {
        (name, statement.text): statement.evidence
        for name, letter in letters.items()
        for statement in letter.statements
    }
    pairs = ((label, told.get((label.consultation, label.text))) for label in labels)
    return _cited((label, evidence) for label, evidence in pairs if evidence is not None)


def cited_by_search(
    labels: Iterable[LabelledStatement], transcripts: Mapping[str, Transcript]
) -> CitationScores:
    """What the evidence search finds for labelled statements when all ids are withheld."""
    return _cited(
        (label, check_statement(Statement(label.text), ANY_HEADING, transcripts[label.consultation]).evidence)
        for label in labels
        if label.consultation in transcripts
    )


def _cited(cases: Iterable[tuple[LabelledStatement, tuple[UtteranceId, ...]]]) -> CitationScores:
    right, grounded, wrong = Share(), list[bool](), list[str]()
    for label, cited in cases:
        right += precision(cited, label)
        grounded.append(is_grounded(cited, label))
        stray = sorted(set(cited) - label.needed - label.helpful)
        wrong += [f"{label.consultation}: {label.text}  <- {id}" for id in stray]
    return CitationScores(right, share_of(grounded), tuple(wrong))


def _texts(statements: Iterable[Statement]) -> list[str]:
    return [statement.text for statement in statements]


def _has_passage(statement: Statement) -> bool:
    return _NO_PASSAGE not in {flag.code for flag in statement.flags}
