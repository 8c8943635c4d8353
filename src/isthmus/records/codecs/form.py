"""URL-encoded forms."""

from typing import Any, Final
from urllib.parse import parse_qsl, quote_plus

from isthmus.model.json import Json
from isthmus.records.codecs.caps import text_of
from isthmus.records.codecs.errors import CodecError
from isthmus.records.coerce import to_string
from isthmus.records.errors import RecordError

CONTENT_TYPE: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 10_000


def decode(body: bytes, charset: str | None) -> Json:
    """Read a form into a dict; a key that comes several times gives a list. Raises CodecError."""
    try:
        pairs = parse_qsl(text_of(body, charset), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise CodecError(f"The form has more than {MAX_FIELDS:,} fields.", code="too_large") from error
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        else:
            found[key] = [found[key], value]
    return found


def encode(value: Json) -> tuple[bytes, str]:
    """Write an object as a form: a list repeats its key, an inner object is JSON, null is left out.

    Raises CodecError.
    """
    if not isinstance(value, dict):
        raise CodecError("Only an object can be written as a form.")
    try:
        pairs = [
            f"{quote_plus(str(key))}={quote_plus(to_string(item))}"
            for key, items in value.items()
            for item in (items if isinstance(items, list) else [items])
            if item is not None
        ]
    except (RecordError, UnicodeEncodeError) as error:
        raise CodecError("The value cannot be written as a form.") from error
    return "&".join(pairs).encode("ascii"), CONTENT_TYPE
