"""Citations against labels: whether the utterances that a statement cites say it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.measures.shares import Share
from scribe_app.errors import TranscriptFileError


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """A statement about one consultation with every utterance that says it, or a part of it, by a reader."""

    consultation: str
    text: str
    needed: frozenset[UtteranceId]
    """At least one of these must be cited: they say the statement, or its main part."""
    helpful: frozenset[UtteranceId] = frozenset()
    """These say a part of it, ask the question it answers, or repeat it: right to cite, not enough alone."""


def labels_from_json(text: str) -> tuple[LabelledStatement, ...]:
    """Read the file of labels.

    Raises:
        TranscriptFileError: it is not such a file.
    """
    try:
        rows = json.loads(text)["statements"]
        return tuple(
            LabelledStatement(
                str(row["consultation"]),
                str(row["text"]),
                _ids(row["needed"]),
                _ids(row.get("helpful", [])),
            )
            for row in rows
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TranscriptFileError(
            "The file of labelled citations cannot be read.", "Nothing was measured."
        ) from error


def _ids(values: Iterable[int]) -> frozenset[UtteranceId]:
    return frozenset(UtteranceId(int(value)) for value in values)


def precision(cited: Iterable[UtteranceId], label: LabelledStatement) -> Share:
    """Of the utterances cited, those that a reader found to say the statement or a part of it."""
    ids = set(cited)
    return Share(len(ids & (label.needed | label.helpful)), len(ids))


def is_grounded(cited: Iterable[UtteranceId], label: LabelledStatement) -> bool:
    """Whether at least one utterance is cited that says the statement's main part."""
    return bool(set(cited) & label.needed)
