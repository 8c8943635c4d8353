"""What a mask in a request means: keep the stored secret, and only while it would go to the same place.

Source: api.md section 7, decision 3 of the architecture, decisions.md "Destination fields".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from isthmus.model.errors import InvalidDocument, Problem, invalid
from isthmus.model.json import Document, Json
from isthmus.model.secret import MASK, Secret, SecretPath, from_pointer, join, masks_in, split, to_pointer
from isthmus.services.fields import dotted
from isthmus.services.resources.destinations import changed_destinations


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored: the masked document, its secrets in clear by JSON Pointer, and its destination fields."""

    masked: Document
    secrets: Mapping[str, Json]
    destination: Sequence[str] = ()


NOTHING = Held({}, {})
"""Nothing is stored yet."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A document to store, its secrets by JSON Pointer, and which of them the request itself carried."""

    masked: Document
    secrets: Mapping[str, Json]
    given: frozenset[str]


class _Fresh:
    """Stands for a secret that the request carried: it is equal to nothing that was there before."""


def merge(sent: Document, paths: Mapping[SecretPath, Secret], held: Held) -> Merged:
    """Settle every secret of a cleaned document: given, kept (a mask) or erased (left out).

    Raises InvalidDocument where a mask stands and no secret is stored, and where secrets would be kept although a
    field changed that decides where they are sent.
    """
    masked, given = split(sent, paths)
    kept = masks_in(sent, paths)
    problems: list[Problem] = [
        _nothing_stored(pointer) for pointer in sorted(kept) if pointer not in held.secrets
    ] + list(_moved(kept, masked, held))
    secrets: dict[str, Json] = {pointer: held.secrets[pointer] for pointer in kept if pointer in held.secrets}
    partly_kept: set[str] = set()
    news: dict[str, Json] = {}
    for pointer, value in given.items():
        filled = _Filling(held.secrets.get(pointer))
        secrets[pointer] = filled.fill(value, filled.stored, from_pointer(pointer))
        problems += [_nothing_stored(place) for place in filled.empty]
        if filled.used:
            partly_kept.add(pointer)
        news[pointer] = _news(value) if filled.used else _Fresh()
    problems += _redirected(sorted(kept | partly_kept), join(masked, news), held)
    if problems:
        raise InvalidDocument.of(problems)
    return Merged(masked, secrets, frozenset(given))


def _news(value: Json) -> Json:
    """Show what is new in a secret that is an object and was kept in part: everything but the masks in it."""
    if isinstance(value, dict):
        return {key: _news(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_news(item) for item in value]
    return value if value == MASK else _Fresh()


class _Filling:
    """Puts stored values in the place of masks inside a secret that is an object (`encrypted`)."""

    def __init__(self, stored: Json) -> None:
        self.stored = stored
        self.used = False
        self.empty: list[str] = []

    def fill(self, value: Json, stored: Json, at: tuple[str, ...]) -> Json:
        if value == MASK:
            if stored is None:
                self.empty.append(to_pointer(at))
            self.used = True
            return stored
        if isinstance(value, dict):
            old = stored if isinstance(stored, dict) else {}
            return {key: self.fill(item, old.get(key), (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            rows = stored if isinstance(stored, list) and len(stored) == len(value) else [None] * len(value)
            pairs = zip(value, rows, strict=True)
            return [self.fill(item, row, (*at, str(index))) for index, (item, row) in enumerate(pairs)]
        return value


def _nothing_stored(pointer: str) -> Problem:
    field = dotted(pointer)
    return invalid(
        field, f'{field} is "{MASK}", but no such secret is stored: give the secret itself, or leave the field out.'
    )


def _moved(kept: set[str], masked: Document, held: Held) -> Iterator[Problem]:
    """Refuse a mask in an array whose item is no longer the one that the secret was stored for."""
    for pointer in sorted(kept):
        if pointer not in held.secrets:
            continue
        for place in _items(pointer, masked):
            if _at(masked, place) != _at(held.masked, place):
                field = dotted(pointer)
                yield invalid(field, f"{field} is masked, but its item of the array changed: give the secret again.")
                break


def _items(pointer: str, document: Document) -> Iterator[tuple[str, ...]]:
    keys = from_pointer(pointer)
    for length in range(1, len(keys)):
        if isinstance(_at(document, keys[: length - 1]), list):
            yield keys[:length]


def _at(node: Json, keys: Sequence[str]) -> Json:
    for key in keys:
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node


def _redirected(kept: Sequence[str], new: Document, held: Held) -> list[Problem]:
    if not kept:
        return []
    names = ", ".join(dotted(pointer) for pointer in kept)
    return [
        invalid(
            field,
            f"{field} changed and decides where {names} is sent, so the stored secret cannot be kept:"
            " give it again in the same request, or leave it out.",
        )
        for field in changed_destinations(held.masked, new, held.destination)
    ]
