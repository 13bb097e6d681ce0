"""Whether two people, as clinicians typed them, are the same: numbers and dates are written in many ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from scribe_app.domain.consultation import PatientIdentity

_LABEL = re.compile(
    r"^(?:nhs|bsn|chi|mrn|nummer|number|patiënt|patient|hospital|dossier|record|no|nr|id)+(?=[a-z]?\d)"
)
"""What stands before a number and is no part of it; a letter of the number itself stays."""
_MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "jan januari january", "feb februari february", "mrt maa maart mar march", "apr april",
            "mei may", "jun juni june", "jul juli july", "aug augustus august", "sep sept september",
            "okt oktober oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def is_same(one: PatientIdentity, other: PatientIdentity) -> bool:
    """Whether both name the same person. Different record numbers are different people."""
    numbers = number_key(one.record_number), number_key(other.record_number)
    if all(numbers):
        return numbers[0] == numbers[1]
    names = name_key(one.name), name_key(other.name)
    born = birth_key(one.date_of_birth), birth_key(other.date_of_birth)
    return all((*names, *born)) and names[0] == names[1] and born[0] == born[1]


def may_be_same(one: PatientIdentity, known: Sequence[PatientIdentity]) -> bool:
    """The same name as one who is known, and nothing that speaks against it; but not enough to be certain."""
    name = name_key(one.name)
    against = any(_differ(one, other) for other in known)
    return bool(name) and not against and any(name == name_key(other.name) for other in known)


def number_key(text: str) -> str:
    """A record number without what people write around it: "NHS 999 000 0000" and "9990000000" are one."""
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return _LABEL.sub("", plain)


def name_key(text: str) -> str:
    """A name without accents, case and double spaces."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def birth_key(text: str) -> str:
    """A date of birth as YY-MM-DD, day before month as in the UK and the Netherlands; else its bare signs."""
    parts = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    months = [_MONTHS[part] for part in parts if part in _MONTHS]
    numbers = [int(part) for part in parts if part.isdecimal()]
    if len(months) == 1 and len(numbers) == 2:
        day, year = numbers if numbers[0] < 32 else numbers[::-1]
        return _day(year, months[0], day) or _bare(text)
    if not months and len(numbers) == 3:
        year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
        return _day(year, month, day) or _bare(text)
    return _bare(text)


def _differ(one: PatientIdentity, other: PatientIdentity) -> bool:
    numbers = number_key(one.record_number), number_key(other.record_number)
    born = birth_key(one.date_of_birth), birth_key(other.date_of_birth)
    return (all(numbers) and numbers[0] != numbers[1]) or (all(born) and born[0] != born[1])


def _day(year: int, month: int, day: int) -> str:
    return f"{year % 100:02}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
