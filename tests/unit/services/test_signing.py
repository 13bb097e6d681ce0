from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scribe_app.domain.documents import letter_sha256
from scribe_app.domain.ids import ConsultationId, new_letter_id
from scribe_app.domain.letter import Letter, LetterStatus, Section, Statement, Support
from scribe_app.errors import SigningError
from scribe_app.services.signing import signed

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GOOD = Statement("Rest.", Support.SUPPORTED)
LETTER = Letter(
    new_letter_id(), ConsultationId("c1"), "soap", "Record", "en", (Section("plan", "Plan", (GOOD,)),)
)


def with_statement(statement: Statement) -> Letter:
    return replace(LETTER, sections=(Section("plan", "Plan", (statement,)),))


def test_the_signature_is_that_of_the_final_text() -> None:
    final = signed(LETTER, " Dr A ", " GP ", NOON)
    assert final.signature is not None
    assert (final.signature.name, final.signature.role, final.signature.signed_at) == ("Dr A", "GP", NOON)
    assert final.signature.sha256 == letter_sha256(final)
    assert final.status is LetterStatus.FINAL
    changed = with_statement(replace(GOOD, text="Run."))
    assert letter_sha256(replace(changed, status=LetterStatus.FINAL)) != final.signature.sha256


def test_a_later_version_is_an_amendment() -> None:
    assert signed(replace(LETTER, version=2), "Dr A", "", NOON).status is LetterStatus.AMENDED


@pytest.mark.parametrize("support", list(Support))
def test_only_doubted_statements_that_nobody_settled_stand_in_the_way(support: Support) -> None:
    doubted = support in (Support.UNSUPPORTED, Support.CONFLICTING)
    letter = with_statement(replace(GOOD, support=support))
    if doubted:
        with pytest.raises(SigningError, match="still need a decision"):
            signed(letter, "Dr A", "GP", NOON)
    else:
        assert signed(letter, "Dr A", "GP", NOON).signature
    assert signed(with_statement(replace(GOOD, support=support, settled=True)), "Dr A", "GP", NOON).signature


@pytest.mark.parametrize(
    ("letter", "name", "words"),
    [
        (LETTER, "  ", "with a name"),
        (replace(LETTER, sections=()), "Dr A", "empty"),
        (signed(LETTER, "Dr A", "GP", NOON), "Dr B", "already"),
    ],
    ids=["no name", "empty", "already"],
)
def test_what_cannot_be_signed(letter: Letter, name: str, words: str) -> None:
    with pytest.raises(SigningError, match=words):
        signed(letter, name, "GP", NOON)
