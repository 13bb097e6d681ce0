"""Identifiers that must not be mixed up."""

from __future__ import annotations

import uuid
from typing import NewType

ConsultationId = NewType("ConsultationId", str)
LetterId = NewType("LetterId", str)
UtteranceId = NewType("UtteranceId", int)
"""Counts from 1 within one consultation; this is the number shown to people and to the model."""
StatementId = NewType("StatementId", str)


def new_consultation_id() -> ConsultationId:
    """A fresh random id."""
    return ConsultationId(uuid.uuid4().hex)


def new_letter_id() -> LetterId:
    """A fresh random id."""
    return LetterId(uuid.uuid4().hex)


def new_statement_id() -> StatementId:
    """A fresh random id."""
    return StatementId(uuid.uuid4().hex)
