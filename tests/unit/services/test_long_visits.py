"""Work grows with a visit, not with its square: counted, never timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest
from drafting_parts import sample
from line_stage import STEP, Stage
from unit.services.test_evidence import template
from unit.services.true_statements import cases

from scribe_app.domain.checks import coverage
from scribe_app.domain.checks.evidence import Spoke, spoke
from scribe_app.domain.checks.findable import Findable
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.retrieval import _having_some, _pieces
from scribe_app.domain.checks.telling import tellings
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Section, Statement, Support
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.evidence import check_statement
from scribe_app.services.transcribing import _with_roles

SOAP = template("soap")


def visit(lines: int) -> Transcript:
    """The sample over and over, with a number of its own in every line."""
    base = sample().utterances
    return Transcript(
        tuple(
            replace(
                base[at % len(base)], id=UtteranceId(at + 1), text=f"{base[at % len(base)].text} {at} mg."
            )
            for at in range(lines)
        )
    )


def quoting(transcript: Transcript, every: int) -> tuple[Section, ...]:
    """A letter that quotes every so many lines."""
    chosen = transcript.utterances[::every]
    statements = (Statement(u.text, Support.SUPPORTED, (u.id,), quoted=True) for u in chosen)
    return (Section("subjective", "Subjective", tuple(statements)),)


def calls(work: Callable[[], object]) -> int:
    """How many Python functions a piece of work calls with nothing read before, patterns compiled."""
    work()
    for remembered in (read, spoke, tellings):
        remembered.cache_clear()
    counted = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def test_listing_what_is_not_written_takes_four_times_as_much_for_four_times_the_lines() -> None:
    short, long = visit(50), visit(200)
    once = calls(lambda: coverage.find_coverage(quoting(short, 3), SOAP, short))
    four = calls(lambda: coverage.find_coverage(quoting(long, 3), SOAP, long))
    print(f"four times the lines: {four / once:.2f} times the calls")
    assert four < 4.4 * once  # 6.3 with every line held against every statement


def test_a_change_to_the_letter_reads_the_visit_no_second_time() -> None:
    talk = visit(60)
    first = calls(lambda: coverage.find_coverage(quoting(talk, 3), SOAP, talk))
    both = calls(lambda: [coverage.find_coverage(quoting(talk, every), SOAP, talk) for every in (3, 4)])
    assert both < 1.4 * first


def test_a_corrected_line_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = visit(120)
    before = Spoke(talk)
    changed = replace(talk.utterances[50], text="I also had a stroke, 12 years ago.")
    corrected = replace(talk, utterances=(*talk.utterances[:50], changed, *talk.utterances[51:]))
    texts: list[str] = []

    def counted(text: str, language: str, lenient: bool) -> Reading:
        texts.append(text)
        return read(text, language, lenient)

    monkeypatch.setattr("scribe_app.domain.checks.evidence.read", counted)
    again = Spoke(corrected, before)
    whole = {utterance.text for utterance in corrected}
    assert [text for text in texts if text in whole] == [changed.text]
    assert [s.reading for s in again.spoken] == [s.reading for s in Spoke(corrected).spoken]


def test_searching_evidence_looks_only_where_something_of_the_statement_was_said() -> None:
    looked: dict[int, int] = {}
    for lines in (120, 480):
        talk = visit(lines - 1)
        rare = replace(
            talk.utterances[7], id=UtteranceId(lines), text="My gout flared up after the barbecue."
        )
        said = Spoke(replace(talk, utterances=(*talk.utterances, rare)))
        looked[lines] = len(_having_some(read("Gout flare after a barbecue.", "en", False), said))
    assert looked[480] == looked[120] > 0


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_nothing_is_overlooked_by_looking_only_there(name: str) -> None:
    for case in cases(name):
        said = Spoke(case.transcript)
        claim = read(case.statement.text, said.language, False)
        looked = set(_having_some(claim, said))
        assert all(not _pieces(claim, at, said) or at in looked for at in range(len(said.spoken)))


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_list_is_the_one_that_comparing_each_with_each_gives(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(cases(name))
    transcript = every[0].transcript
    soap: LetterTemplate = template("soap" if name.endswith("en") else "soep")
    statements = tuple(
        replace(check_statement(c.statement, c.spec, transcript), text=c.statement.text) for c in every[::2]
    )
    letter = (Section(soap.sections[0].key, "", statements),)
    found = coverage.find_coverage(letter, soap, transcript)

    def all_of_them(self: Findable, *_: object) -> list[Reading]:
        return self._readings

    monkeypatch.setattr(Findable, "nearest", all_of_them)
    assert found == coverage.find_coverage(letter, soap, transcript)
    assert len(tellings(Spoke(transcript))) > len(found) > 0


def test_a_window_heard_late_in_a_visit_costs_what_one_heard_early_does(stage: Stage) -> None:
    """Speakers are judged by the utterance before; no earlier one is read again."""
    cost: dict[int, int] = {}
    for lines in (40, 400):
        id = stage.service.start(NewConsultation()).id
        stage.transcriber.lines[:] = [utterance.text for utterance in visit(lines + 1)]
        talk = [replace(one, speaker=SpeakerRole.PATIENT) for one in visit(lines)]
        stage.store.add_utterances(id, talk, lines * STEP)
        line = vars(stage.service)["_lines"][id]
        window = [replace(visit(lines + 1).utterances[-1], speaker=SpeakerRole.UNKNOWN)]
        keep = vars(line)["_transcribing"]._keep
        cost[lines] = calls(lambda keep=keep, window=window, lines=lines: keep(window, (lines + 1) * STEP))
        assert len(stage.store.transcript(id)) == lines + 1
        stage.service.delete(id)
    print(f"calls after 40 lines: {cost[40]}, after 400: {cost[400]}")
    assert cost[400] <= 1.1 * cost[40]


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_first_guess_at_who_speaks_is_that_of_the_whole_visit_so_far(name: str) -> None:
    talk = sample(name)
    known: list[Utterance] = []
    for at, one in enumerate(talk.utterances):
        unknown = replace(one, speaker=SpeakerRole.UNKNOWN)
        whole = guess_roles(replace(talk, utterances=(*known, unknown))).utterances[-1]
        last = next((u for u in reversed(known) if u.speaker is not SpeakerRole.OTHER), None)
        assert _with_roles([unknown], last, talk.language) == [whole]
        known.append(replace(whole, speaker=SpeakerRole.OTHER) if at % 9 == 8 else whole)
