"""Locking while the longest of what is stored is being stored: it waits for it, and that is short."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from scribe_app.adapters.store import SqlCipherStore, writer
from scribe_app.adapters.store.writer import _in_transaction
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import UtteranceId, new_consultation_id, new_letter_id
from scribe_app.domain.letter import Coverage, CoverageItem, Letter, Section, Statement, Support
from scribe_app.domain.transcript import SpeakerRole, Utterance

LINES = 20_000
MOST_SECONDS = 1.0
"""Of processor time, this whole process's: a shared machine's clock says nothing about the program."""
KEY = b"k" * 32
ID = new_consultation_id()
LETTER = new_letter_id()
IDS = [UtteranceId(number) for number in range(1, LINES + 1)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlCipherStore]:
    """One visit of as many utterances as a letter must cope with."""
    opened = SqlCipherStore(tmp_path_factory.mktemp("vault") / "scribe.db", KEY)
    opened.save_consultation(
        Consultation(ID, datetime(2026, 11, 28, tzinfo=UTC), "en", "soap", ConsultationState.IN_REVIEW)
    )
    opened.add_utterances(
        ID,
        [
            Utterance(
                id, f"I have had chest pain for {id} days.", id * 2.0, id * 2.0 + 1, SpeakerRole.UNKNOWN
            )
            for id in IDS
        ],
        LINES,
    )
    yield opened
    opened.close()


def longest_letter() -> Letter:
    """Half of what was said is in it, and the other half in its list."""
    statements = tuple(Statement(f"Chest pain for {i} days.", Support.SUPPORTED, (i,)) for i in IDS[::2])
    items = tuple(CoverageItem(i, f"Chest pain for {i} days.", "plan", "symptom") for i in IDS[1::2])
    sections = (Section("subjective", "Subjective", statements),)
    return Letter(LETTER, ID, "soap", "Record", "en", sections, Coverage(items, 1.0, 1.0, 0.0, True))


LONGEST: dict[str, Callable[[SqlCipherStore], None]] = {
    "speakers": lambda store: store.set_speakers(ID, dict.fromkeys(IDS, SpeakerRole.PATIENT), by_person=True),
    "voices": lambda store: store.set_voices(ID, dict.fromkeys(IDS, 1)),
    "letter": partial(SqlCipherStore.save_letter, letter=longest_letter()),
}


@pytest.mark.parametrize("what", LONGEST)
def test_the_lock_waits_no_second_and_all_of_it_is_stored(
    store: SqlCipherStore, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def in_transaction(db: Any, closure: Callable[[Any], Any]) -> Any:
        begun.set()
        return _in_transaction(db, closure)

    monkeypatch.setattr(writer, "_in_transaction", in_transaction)
    with ThreadPoolExecutor(1) as beside:
        before = time.process_time()
        stored = beside.submit(LONGEST[what], store)
        assert begun.wait(60)
        store.lock()
        spent = time.process_time() - before
        stored.result()  # nothing was given up
    print(f"{what}: {spent:.2f} s of processor time until it was locked")
    assert spent < MOST_SECONDS
    store.reopen(KEY)
    said = store.transcript(ID).utterances
    assert len(said) == LINES
    if what == "speakers":
        assert {one.speaker for one in said} == {SpeakerRole.PATIENT}
    elif what == "voices":
        assert {one.voice for one in said} == {1}
    else:
        held = store.letter(LETTER)
        assert (len(held.statements), len(held.coverage.items)) == (LINES // 2, LINES // 2)
