"""The recovery key: what is typed from paper is the key, or the mistake is named."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.recovery_key import (
    ALPHABET,
    GROUPS,
    RecoveryKey,
    is_group,
    new_recovery_key,
    read_recovery_key,
    same_group,
)
from scribe_app.errors import MistypedKeyError

keys = st.binary(min_size=20, max_size=20).map(RecoveryKey)


@given(keys)
def test_what_was_printed_is_read_back_in_any_dress(key: RecoveryKey) -> None:
    assert read_recovery_key(str(key)) == key
    assert read_recovery_key(" " + str(key).lower().replace("-", "  ") + "\n") == key
    assert read_recovery_key(str(key).replace("0", "o").replace("1", "l").replace("-", "")) == key
    assert len(key.groups) == GROUPS
    assert {len(group) for group in key.groups} == {5}


def test_two_keys_differ_and_neither_is_in_a_repr() -> None:
    first, second = new_recovery_key(), new_recovery_key()
    assert first != second
    assert first.groups[0] not in repr(first)
    assert first.secret.hex() not in repr(first)


@given(keys, st.integers(0, 39), st.sampled_from(ALPHABET))
def test_a_wrong_sign_is_found_and_its_group_named(key: RecoveryKey, at: int, sign: str) -> None:
    signs = list(str(key).replace("-", ""))
    if signs[at] == sign:
        return
    signs[at] = sign
    with pytest.raises(MistypedKeyError, match=rf"group {at // 5 + 1} "):
        read_recovery_key("".join(signs))


def test_every_swap_of_neighbours_and_of_groups_is_found() -> None:
    for _ in range(20):
        key = new_recovery_key()
        signs = str(key).replace("-", "")
        for at in range(39):
            if signs[at] == signs[at + 1]:
                continue
            swapped = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]
            with pytest.raises(MistypedKeyError):
                read_recovery_key(swapped)
        for one, other in itertools.combinations(range(GROUPS), 2):
            groups = list(key.groups)
            groups[one], groups[other] = groups[other], groups[one]
            with pytest.raises(MistypedKeyError, match=rf"{one + 1} .* and {other + 1} "):
                read_recovery_key("-".join(groups))


def test_missing_and_surplus_signs_are_counted() -> None:
    key = str(new_recovery_key())
    with pytest.raises(MistypedKeyError, match="2 missing"):
        read_recovery_key(key[:-2])
    with pytest.raises(MistypedKeyError, match="1 too many"):
        read_recovery_key(key + "A")
    with pytest.raises(MistypedKeyError, match="40 missing"):
        read_recovery_key("")


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_a_plain_refusal(text: str) -> None:
    with contextlib.suppress(MistypedKeyError):
        assert len(read_recovery_key(text).secret) == 20


def test_a_group_is_known_in_its_own_place_only() -> None:
    groups = new_recovery_key().groups
    assert is_group(3, f" {groups[3].lower()} ")
    assert not is_group(4, groups[3])
    assert not is_group(3, groups[3][:4])
    assert not is_group(3, "äöü!!")
    assert same_group(groups[2].lower() + " ", groups[2])
    assert not same_group(groups[2], groups[3])
