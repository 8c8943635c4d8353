import base64
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.vault import Aad, SealBroken, Sealed, Vault, WrappedKey

KEY = os.urandom(32)
VAULT = Vault([KEY])
PLACE = Aad("main", "connections", "5f0c", "/http/auth/basic/password", 3)
CANARY = "canary-5b1e9d"

text = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner),
    max_leaves=20,
)


def seal(value: Any = CANARY, place: Aad = PLACE, vault: Vault = VAULT) -> Sealed:
    return vault.seal(vault.new_data_key(), place, value)


@given(json_values)
def test_any_json_comes_back(value: Any) -> None:
    assert VAULT.open(seal(value), PLACE) == value


def test_a_seal_shows_nothing_of_what_is_in_it() -> None:
    sealed = seal()
    for form in (CANARY.encode(), CANARY.encode().hex().encode(), base64.b64encode(CANARY.encode())):
        assert form not in sealed.key + sealed.value
    assert CANARY not in repr(VAULT)
    assert seal().value != sealed.value


@pytest.mark.hostile(3)
@pytest.mark.parametrize("part", ["key", "value", "key_id", "revision"])
def test_every_flipped_bit_is_noticed(part: str) -> None:
    sealed = seal({"user": "a", "password": CANARY})
    for broken in flipped(sealed, part):
        with pytest.raises(SealBroken) as raised:
            VAULT.open(broken, replace(PLACE, revision=broken.revision))
        assert CANARY not in str(raised.value)


def flipped(sealed: Sealed, part: str) -> list[Sealed]:
    old = getattr(sealed, part)
    if part == "revision":
        return [replace(sealed, revision=old ^ (1 << bit)) for bit in range(16)]
    raw = old.encode() if part == "key_id" else old
    changed = [bytes([*raw[:at], raw[at] ^ (1 << bit), *raw[at + 1 :]]) for at in range(len(raw)) for bit in range(8)]
    cut = [raw[:length] for length in range(len(raw))]
    values = changed + cut + [raw + b"\x00"]
    return [replace(sealed, **{part: each.decode("latin-1") if part == "key_id" else each}) for each in values]


@pytest.mark.hostile(2)
@pytest.mark.hostile(4)
@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, account="other"),
        replace(PLACE, kind="iclients"),
        replace(PLACE, id="5f0d"),
        replace(PLACE, pointer="/http/auth/token/token"),
        replace(PLACE, revision=4),
        replace(PLACE, kind="connections5", id="f0c"),
    ],
)
def test_a_seal_opens_in_its_own_place_alone(elsewhere: Aad) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(seal(), elsewhere)


def test_neighbours_that_share_a_data_key_cannot_be_swapped() -> None:
    first = seal("one")
    other_place = replace(PLACE, pointer="/http/auth/token/token")
    second = VAULT.seal(WrappedKey.of(first), other_place, "two")
    assert (first.key, VAULT.open(second, other_place)) == (second.key, "two")
    for sealed, place in ((first, other_place), (second, PLACE)):
        with pytest.raises(SealBroken):
            VAULT.open(sealed, place)
    with pytest.raises(SealBroken):
        VAULT.open(replace(first, key=seal().key), PLACE)


@pytest.mark.hostile(5)
def test_another_key_opens_nothing_and_says_what_is_missing() -> None:
    with pytest.raises(SealBroken, match="key file does not hold"):
        Vault([os.urandom(32)]).open(seal(), PLACE)


@pytest.mark.hostile(7)
def test_rotation_wraps_data_keys_anew_and_then_the_old_key_can_go() -> None:
    sealed, new = seal(), os.urandom(32)
    both = Vault([new, KEY])
    assert both.open(sealed, PLACE) == CANARY
    rewrapped = both.rewrap(sealed)
    assert (rewrapped.value, rewrapped.key_id) == (sealed.value, both.key_id)
    assert both.rewrap(rewrapped) is rewrapped
    assert Vault([new]).open(rewrapped, PLACE) == CANARY
    assert both.fingerprints == (*Vault([new]).fingerprints, *VAULT.fingerprints)
    with pytest.raises(SealBroken):
        VAULT.open(rewrapped, PLACE)


def test_derived_keys_depend_on_key_and_purpose_alone() -> None:
    page, other = VAULT.derive("page state"), VAULT.derive("oauth state")
    assert len(page) == 32
    assert page != other
    assert page == Vault([KEY]).derive("page state")
    assert KEY not in (page, other)
    newer = Vault([os.urandom(32), KEY])
    assert newer.derive("page state") != page
    assert newer.derive_all("page state")[1] == page


@pytest.mark.hostile(10)
def test_nonces_do_not_repeat() -> None:
    key = VAULT.new_data_key()
    assert len({VAULT.seal(key, PLACE, "x").value[:12] for _ in range(5_000)}) == 5_000
