"""The printed recovery key: 160 random bits in eight groups, each of which shows its own typing mistakes.

Letters and digits are Crockford's base 32 (crockford.com/base32.html): no I, L, O, U; 0 and O, 1 and I and
L are read as the same, and a U can only be a V. Each group is four signs and a check sign over GF(32), so
that one wrong sign, two swapped neighbours, or a group in another group's place is always noticed, and in
which group.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from scribe_app.errors import MistypedKeyError

KEY_BYTES = 20
GROUPS = 8
GROUP_SIGNS = 5
"""Four that count and one that checks."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OILU", "011V")
_SEPARATORS = " -–—\t\r\n."


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """A way into the vault that is kept on paper."""

    secret: bytes = field(repr=False)
    """20 bytes."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Eight groups of five signs, to be written down."""
        number = int.from_bytes(self.secret, "big")
        signs = [(number >> shift) & 31 for shift in range(8 * KEY_BYTES - 5, -1, -5)]
        counting = GROUP_SIGNS - 1
        parts = [signs[at : at + counting] for at in range(0, len(signs), counting)]
        return tuple(
            "".join(ALPHABET[value] for value in (*part, _check(place, part)))
            for place, part in enumerate(parts)
        )

    def __str__(self) -> str:
        return "-".join(self.groups)


def new_recovery_key() -> RecoveryKey:
    """A fresh random one."""
    return RecoveryKey(secrets.token_bytes(KEY_BYTES))


def read_recovery_key(typed: str) -> RecoveryKey:
    """The key that a person typed, in whatever case and with whatever between the groups.

    Raises:
        MistypedKeyError: naming the groups to look at again.
    """
    signs = "".join(sign for sign in typed.upper() if sign not in _SEPARATORS).translate(_ALIKE)
    wrong_length = len(signs) - GROUPS * GROUP_SIGNS
    if wrong_length:
        raise _mistyped(
            f"The recovery key has {GROUPS * GROUP_SIGNS} signs; "
            f"{abs(wrong_length)} {'too many' if wrong_length > 0 else 'missing'}."
        )
    groups = [signs[at : at + GROUP_SIGNS] for at in range(0, len(signs), GROUP_SIGNS)]
    wrong = [place for place, group in enumerate(groups) if not is_group(place, group)]
    if wrong:
        named = " and ".join(f"{place + 1} ({groups[place]})" for place in wrong)
        raise _mistyped(f"There is a typing mistake in group{'s' * (len(wrong) > 1)} {named}.")
    number = 0
    for group in groups:
        for sign in group[:-1]:
            number = number << 5 | ALPHABET.index(sign)
    return RecoveryKey(number.to_bytes(KEY_BYTES, "big"))


def is_group(place: int, group: str) -> bool:
    """Whether five signs can be the group at this place, counted from 0."""
    group = group.strip().upper().translate(_ALIKE)
    if len(group) != GROUP_SIGNS or any(sign not in ALPHABET for sign in group):
        return False
    values = [ALPHABET.index(sign) for sign in group]
    return _check(place, values[:-1]) == values[-1]


def same_group(typed: str, group: str) -> bool:
    """Whether a person typed this group."""
    return "".join(typed.split()).upper().translate(_ALIKE) == group


def _check(place: int, values: list[int]) -> int:
    """Horner's rule over GF(32) = GF(2)[x]/(x^5 + x^2 + 1); starts at the place, so that groups stay put."""
    sum = place + 1
    for value in values:
        sum = _times_x(sum) ^ value
    return _times_x(sum)


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _mistyped(title: str) -> MistypedKeyError:
    return MistypedKeyError(
        title,
        "Nothing was changed.",
        "Compare it with the paper, group by group; 0 and O are the same, and so are 1, I and L.",
    )
