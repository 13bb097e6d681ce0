"""Named steps from an empty database to the newest schema, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlite_utils import Migrations

from scribe_app.adapters.store.schema import tables
from scribe_app.errors import SchemaTooNewError

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("consultations and recordings", tables.CONSULTATIONS),
    ("letters", tables.LETTERS),
    ("audit trail", tables.AUDIT),
    ("search", tables.SEARCH),
    ("corrections by a person", tables.CORRECTIONS),
    ("text that was not trusted", tables.REJECTED),
    ("beginnings read as facts", tables.FACTS_UNTIL),
    ("voices", tables.VOICES),
    ("secrets of the vault", tables.SECRETS),
    ("corrections to letters", tables.LETTER_CORRECTIONS),
    ("audit chain", tables.AUDIT_CHAIN),
    ("erasure", tables.ERASURE),
    ("prior letters", tables.PRIOR_LETTERS),
    ("number of speakers", tables.SPEAKERS),
    ("lists of what is not written", tables.LISTED),
)
"""Steps are added at the end and never changed: sqlite-utils records each by name in the database."""


def migrate(db: Any) -> None:
    """Bring the database to the newest schema; a step that fails leaves the schema before it.

    Raises:
        SchemaTooNewError: it holds steps that this program does not know. Nothing is touched.
    """
    migrations = Migrations("scribe")
    for name, statements in STEPS:
        migrations(name=name)(_step(statements))
    applied = {step.name for step in migrations.applied(db)}
    if applied - {name for name, _ in STEPS}:
        raise SchemaTooNewError(
            "These records were written by a newer version of the program.",
            "Nothing was changed.",
            "Install that version on this computer and open them with it.",
        )
    if migrations.pending(db):
        migrations.apply(db)


def _step(statements: tuple[str, ...]) -> Callable[[Any], None]:
    def run(db: Any) -> None:
        # One at a time: executescript would commit the step's transaction half-way.
        for statement in statements:
            db.execute(statement)

    return run
