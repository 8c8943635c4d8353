"""Secrets in documents: which fields are secret, the mask, and taking documents apart and together again.

A stored document is the masked document: every secret that is set stands as `"******"`, and its value lies sealed
beside it under its JSON Pointer (RFC 6901), since a key of `encrypted` may itself hold a dot.
Source: api.md section 7, connections.md "Secrets".
"""

import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Final, Union

from pydantic import BaseModel

from isthmus.model.json import Document

MASK: Final = "******"


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a model's field as secret: `password: Annotated[str | None, Secret()] = None`.

    `mask` is what the field shows when it is set; `each` marks an object whose values are masked one by one,
    instead of the whole object at once.
    """

    mask: str = MASK
    each: bool = False


SecretPath = tuple[str, ...]
"""Keys from the root of a document; `*` stands for every key of an object or every item of a list."""


@lru_cache(maxsize=256)
def secret_paths(model: type[BaseModel]) -> dict[SecretPath, Secret]:
    """Find every field that a model (and the models inside it) marks as secret."""
    return dict(_walk(model, ()))


def _walk(model: type[BaseModel], prefix: SecretPath) -> Iterator[tuple[SecretPath, Secret]]:
    for name, field in model.model_fields.items():
        path = (*prefix, field.alias or name)
        mark = next((m for m in field.metadata if isinstance(m, Secret)), None)
        if mark is not None:
            yield ((*path, "*") if mark.each else path), mark
            continue
        for inner, steps in _models_in(field.annotation):
            yield from _walk(inner, path + steps)


def _models_in(annotation: Any) -> Iterator[tuple[type[BaseModel], tuple[str, ...]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ()
        return
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, UnionType, typing.Annotated):
        for argument in arguments:
            yield from _models_in(argument)
    elif origin in (list, dict) and arguments:
        for inner, steps in _models_in(arguments[-1]):
            yield inner, ("*", *steps)


def to_pointer(keys: Iterable[str]) -> str:
    """Write keys as a JSON Pointer."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def from_pointer(pointer: str) -> tuple[str, ...]:
    """Read a JSON Pointer into its keys."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:])


def split(document: Document, paths: Mapping[SecretPath, Secret]) -> tuple[Document, dict[str, Any]]:
    """Take a document apart into its masked form and its secrets, keyed by JSON Pointer.

    A value that is the mask itself stays in place and is not a secret: whoever stores the document decides whether
    a stored secret stands behind it. The document handed in is not changed.
    """
    masked: Any = document
    secrets: dict[str, Any] = {}
    for path, mark in paths.items():
        masked = _mask(masked, path, mark, (), secrets)
    return masked, secrets


def _mask(node: Any, path: SecretPath, mark: Secret, at: tuple[str, ...], secrets: dict[str, Any]) -> Any:
    if not path:
        if node is None or node == mark.mask:
            return node
        secrets[to_pointer(at)] = node
        return mark.mask
    step, rest = path[0], path[1:]
    if isinstance(node, dict):
        keys = list(node) if step == "*" else [step] if step in node else []
        if not keys:
            return node
        return {**node, **{key: _mask(node[key], rest, mark, (*at, key), secrets) for key in keys}}
    if isinstance(node, list) and step == "*":
        return [_mask(item, rest, mark, (*at, str(index)), secrets) for index, item in enumerate(node)]
    return node


def masks_in(document: Document, paths: Mapping[SecretPath, Secret]) -> set[str]:
    """Tell at which JSON Pointers a document holds the mask of a secret."""
    found: set[str] = set()
    for path, mark in paths.items():
        found.update(_masks(document, path, mark, ()))
    return found


def _masks(node: Any, path: SecretPath, mark: Secret, at: tuple[str, ...]) -> Iterator[str]:
    if not path:
        if node == mark.mask:
            yield to_pointer(at)
        return
    step, rest = path[0], path[1:]
    if isinstance(node, dict):
        for key in list(node) if step == "*" else [step] if step in node else []:
            yield from _masks(node[key], rest, mark, (*at, key))
    elif isinstance(node, list) and step == "*":
        for index, item in enumerate(node):
            yield from _masks(item, rest, mark, (*at, str(index)))


def join(masked: Document, secrets: Mapping[str, Any]) -> Document:
    """Put secrets back into a masked document; for use inside the service alone. The input is not changed."""
    whole: Any = masked
    for pointer, value in secrets.items():
        whole = _put(whole, from_pointer(pointer), value)
    return whole  # type: ignore[no-any-return]  # a document in, a document out


def _put(node: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(node, list):
        index = int(step)
        return [_put(item, rest, value) if i == index else item for i, item in enumerate(node)]
    base = node if isinstance(node, dict) else {}
    return {**base, step: _put(base.get(step), rest, value)}
