"""The kinds of field values that documents share, as annotated types. Source: connections.md "Common behaviour"."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from isthmus.model import urls
from isthmus.model.clock import from_iso, to_iso
from isthmus.model.ids import is_id
from isthmus.model.json import Json
from isthmus.model.secret import MASK, Secret


def wrong(why: str) -> PydanticCustomError:
    """A value that will not do; `why` goes on from the field's name: `must be ...`. It must not hold the value."""
    return PydanticCustomError("invalid_field", "{why}", {"why": why})


@dataclass(frozen=True, slots=True)
class OneOf:
    """A string out of a list. With `any_case` it may come in any letter case and is stored as listed ("ci")."""

    values: tuple[str, ...]
    any_case: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.values)}

    def _check(self, value: str) -> str:
        if value in self.values:
            return value
        folded = value.casefold()
        found = next((known for known in self.values if known.casefold() == folded), None) if self.any_case else None
        if found is None:
            raise wrong(f"must be one of: {', '.join(self.values)}.")
        return found


def one_of(*values: str) -> OneOf:
    """A string out of a list, in exactly this letter case."""
    return OneOf(values)


def any_case(*values: str) -> OneOf:
    """A string out of a list in any letter case, stored as listed here."""
    return OneOf(values, any_case=True)


def _reference(value: Json) -> str:
    if not is_id(value):
        raise PydanticCustomError("invalid_ref", "must be an id")
    return str(value)


Id = Annotated[str, BeforeValidator(_reference)]
"""The id of another resource: 24 lower-case hexadecimal digits. Whether it exists is for the services to say."""


def _date(value: str) -> str:
    try:
        return to_iso(from_iso(value))
    except (ValueError, OverflowError):
        raise wrong("must be a date such as 2025-03-28T15:22:51.518Z.") from None


Date = Annotated[str, AfterValidator(_date)]
"""An ISO 8601 instant, stored in UTC with milliseconds."""


def _mask_or_object(value: Json) -> Json:
    if value != MASK and not isinstance(value, dict):
        raise wrong("must be an object, or the mask as it was read.")
    return value


Encrypted = Annotated[Json, AfterValidator(_mask_or_object)]
"""An object of secrets that is masked whole (api.md section 7)."""


def _object(value: Json) -> Json:
    if not isinstance(value, dict):
        raise wrong("must be an object.")
    return value


Free = Annotated[Json, AfterValidator(_object)]
"""An object whose inside is not ours to check."""


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return value
    raise wrong("must be a string.")


Value = Annotated[str, BeforeValidator(_text)]
"""A value that is compared as text: numbers and booleans are stored as their text (exports.md "response")."""


def _as_list(value: Json) -> Json:
    return value if isinstance(value, list) else [value]


AsList = BeforeValidator(_as_list)
"""Wraps a single value into an array of one, as the field's own store does."""


def _clamp(top: int) -> BeforeValidator:
    def clamp(value: Json) -> Json:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, 1), top) if whole else value

    return BeforeValidator(clamp)


Level = Annotated[int, _clamp(50)]
"""A concurrency level, silently kept within 1 to 50 (api.md section 4)."""

RestLevel = Annotated[int, _clamp(100)]
"""As Level, up to 100: only the rest type."""


def _url(value: str) -> str:
    why = urls.why_not_absolute(value)
    if why:
        raise wrong(why)
    return value.strip()


Url = Annotated[str, AfterValidator(_url)]
"""An absolute http or https URL, in which templates may stand, without user name and password."""


def _uri(value: str) -> str:
    why = urls.why_not_uri(value)
    if why:
        raise wrong(why)
    return value.strip()


Uri = Annotated[str, AfterValidator(_uri)]
"""A URI relative to the base, or an absolute one, in which templates may stand; never with a password."""

Name = Annotated[str, StringConstraints(max_length=100)]
"""What people call a resource."""

SecretText = Annotated[str | None, Secret()]
"""A secret string."""

Port = Annotated[int, Field(ge=1, le=65535)]
"""A TCP port."""


def _host(value: str) -> str:
    if "://" in value or "@" in value or _NOT_IN_HOST.search(value):
        raise wrong("must be a host name or an address, without scheme, path, user name and password.")
    return value


_NOT_IN_HOST: Final = re.compile(r"[\x00-\x20\x7f/\\?#;]")

Host = Annotated[str, AfterValidator(_host)]
"""A host name or an address, perhaps with a port; nothing that would make a driver read options out of it."""
