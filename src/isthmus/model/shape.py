"""Walks the models themselves: which fields a document can have, and how they are marked."""

import typing
from collections.abc import Iterator
from types import UnionType
from typing import Any, Final, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from isthmus.model.part import ReadOnly

_MAX_DEPTH: Final = 20


def fields_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Give every field of a model and of the models inside it, as `http.headers[*].name`; parents come first."""
    if prefix.count(".") > _MAX_DEPTH:
        return
    for name, field in model.model_fields.items():
        path = f"{prefix}.{field.alias or name}".removeprefix(".")
        yield path, field
        for inner, steps in _models_in(field.annotation):
            yield from fields_of(inner, path + steps)


def read_only_fields(model: type[BaseModel], prefix: str = "") -> tuple[str, ...]:
    """Name the fields that only the service writes, dotted."""
    marked = (path for path, field in fields_of(model, prefix) if any(isinstance(m, ReadOnly) for m in field.metadata))
    return tuple(marked)


def _models_in(annotation: Any) -> Iterator[tuple[type[BaseModel], str]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
        return
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, UnionType, typing.Annotated):
        for argument in arguments:
            yield from _models_in(argument)
    elif origin is list:
        for inner, steps in _models_in(arguments[0]):
            yield inner, f"[*]{steps}"
