"""The base of every model of a document, and the marks that its fields may carry.

A model lists the fields that a client may write; whatever else it sends is dropped silently (api.md section 2). `null`
counts as absent, and so does an empty string where the field is required, and an empty secret.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from isthmus.model.secret import Secret


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Marks a field that only the service writes: what a client sends for it is dropped silently."""


@dataclass(frozen=True, slots=True)
class Nullable:
    """Marks a field whose `null` is kept as it was sent."""


@dataclass(frozen=True, slots=True)
class _Fields:
    known: frozenset[str]
    nullable: frozenset[str]
    required: frozenset[str]
    secret: frozenset[str]

    def there(self, key: str, value: Any) -> bool:
        """Tell whether a field that was sent counts as sent."""
        if value is None:
            return key in self.nullable
        return not (value == "" and key in self.required) and not (value in ("", {}) and key in self.secret)


class Part(BaseModel):
    """A document or a piece of one. Types are strict: `"5"` is no number, `1` is no boolean."""

    model_config = ConfigDict(extra="ignore", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_what_is_not_there(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        fields = _fields(cls)
        return {key: value for key, value in data.items() if key in fields.known and fields.there(key, value)}


@lru_cache(maxsize=1024)
def _fields(model: type[Part]) -> _Fields:
    named = {field.alias or name: field for name, field in model.model_fields.items()}

    def marked(mark: type) -> frozenset[str]:
        return frozenset(key for key, field in named.items() if any(isinstance(m, mark) for m in field.metadata))

    return _Fields(
        known=frozenset(named) - marked(ReadOnly),
        nullable=marked(Nullable),
        required=frozenset(key for key, field in named.items() if field.is_required()),
        secret=marked(Secret),
    )


def dump(value: Any, sent: Any) -> Any:
    """Turn a validated model back into JSON: only what was set, in the order in which it was sent."""
    if isinstance(value, Part):
        keys = {field.alias or name: name for name, field in type(value).model_fields.items()}
        order = [key for key in sent if key in keys] if isinstance(sent, dict) else list(keys)
        fields = ((key, keys[key]) for key in order)
        return {
            key: dump(getattr(value, name), sent[key] if isinstance(sent, dict) else None)
            for key, name in fields
            if name in value.model_fields_set
        }
    if isinstance(value, list):
        twins = sent if isinstance(sent, list) and len(sent) == len(value) else [None] * len(value)
        return [dump(item, twin) for item, twin in zip(value, twins, strict=True)]
    return value
