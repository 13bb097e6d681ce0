"""A program that is killed while it writes loses nothing that it was told is stored."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore

KEY = bytes(range(32))

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scribe_app.adapters.store import SqlCipherStore
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.transcript import Utterance

store = SqlCipherStore(Path(sys.argv[1]), bytes(range(32)))
id = ConsultationId("c")
store.save_consultation(Consultation(id, datetime.now(UTC), "en", "soap"))
number = len(store.transcript(id))
while True:
    number += 1
    store.add_utterances(id, [Utterance(UtteranceId(number), f"said {number}", number, number)], number)
    statements = tuple(Statement(f"{number}", Support.SUPPORTED, (UtteranceId(n),)) for n in range(5))
    section = Section("plan", "Plan", statements)
    store.save_letter(Letter(LetterId("l"), id, "soap", f"{number}", "en", (section,)))
    print(number, flush=True)
"""


def killed_while_writing(file: Path, seconds: float) -> int:
    """Runs the writer, kills it, and gives the last number that it was told is stored."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    rest = writer.stdout.read().split("\n")
    writer.wait()
    writer.stdout.close()
    whole = [first.strip(), *rest[:-1]]  # the last line may be cut off
    return int([line for line in whole if line][-1])


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_what_was_stored_before_a_kill_is_there_after_it(tmp_path: Path, kills: int) -> None:
    file, chance = tmp_path / "vault.db", random.Random(kills)
    for _ in range(kills):
        told = killed_while_writing(file, chance.uniform(0, 0.3))
        store = SqlCipherStore(file, KEY)
        (consultation,) = store.consultations()
        said = store.transcript(consultation.id).utterances
        assert [utterance.id for utterance in said] == list(range(1, len(said) + 1))
        assert told <= len(said) <= told + 1
        (letter,) = store.letters(consultation.id)
        assert told <= int(letter.title) <= told + 1
        assert [statement.text for statement in letter.statements] == [letter.title] * 5  # whole, never half
        assert store._thread.read(lambda db: db.execute("PRAGMA cipher_integrity_check").fetchall()) == []
        assert store._thread.read(lambda db: db.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
        assert [value.id for value in store.consultations(f"said {len(said)}")] == [consultation.id]
        store.close()
