"""Query strings of lists and audits. Source: api.md sections 1 "Lists" and 8, decisions.md "Lists"."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from isthmus.model.errors import Malformed, Problem
from isthmus.services.resources.listing import MAX_LIMIT, ListQuery

_MAX_FIELDS: Final = 100
_PROJECTION: Final = re.compile(r"[A-Za-z0-9_.,]{1,4096}\Z")
_NUMBER: Final = re.compile(r"[0-9]{1,15}\Z")
_FILTERS: Final = ("type", "_connectionId", "_integrationId")


def bad_query(message: str, field: str | None = None) -> Malformed:
    """A query parameter will not do: 400 `invalid_query_params`."""
    return Malformed(Problem("invalid_query_params", message, field))


def parameters(query: str) -> dict[str, list[str]]:
    """Read a query string into its values by name. Raises Malformed over 100 parameters, or where it is not UTF-8."""
    if not query:
        return {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise bad_query(f"Send at most {_MAX_FIELDS} query parameters, percent-encoded in UTF-8.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\0" in value or "\0" in name:
            raise bad_query("A query parameter holds the character U+0000.")
        found.setdefault(name, []).append(value)
    return found


def list_query(query: str) -> ListQuery:
    """Read `limit`, `skip`, `include`, `exclude` and the filters; anything else is ignored. Raises Malformed."""
    given = parameters(query)
    if any(name.startswith(("include[", "exclude[")) for name in given):
        raise bad_query("Write include and exclude as one comma-separated list, without brackets.")
    include, exclude = _projection(given, "include"), _projection(given, "exclude")
    if include and exclude:
        raise bad_query("Please provide either include or exclude param in the request query and not both.")
    return ListQuery(
        limit=min(number(given, "limit", MAX_LIMIT, least=1), MAX_LIMIT),
        skip=number(given, "skip", 0, least=0),
        include=include,
        exclude=exclude,
        filters={name: given[name][-1] for name in _FILTERS if given.get(name, [""])[-1]},
    )


def number(given: Mapping[str, list[str]], name: str, default: int, *, least: int) -> int:
    """Read a whole number of at least `least`; one that is absent is the default."""
    values = given.get(name, ())
    if not values:
        return default
    if len(values) > 1 or not _NUMBER.match(values[0]) or int(values[0]) < least:
        raise bad_query(f"{name} must be one whole number of at least {least}.", name)
    return int(values[0])


def flag(given: Mapping[str, list[str]], name: str) -> bool:
    """Read a switch: 1 or true, 0 or false; one that is absent is off."""
    value = given.get(name, ["0"])[-1].lower()
    if value not in ("1", "true", "0", "false"):
        raise bad_query(f"{name} must be 1 or 0.", name)
    return value in ("1", "true")


def _projection(given: Mapping[str, list[str]], name: str) -> tuple[str, ...] | None:
    values = [value for value in given.get(name, ()) if value]
    if not values:
        return None
    joined = ",".join(values)
    if not _PROJECTION.match(joined):
        raise bad_query(f"{name} takes field paths: letters, digits, _ and . with commas between them.", name)
    return tuple(path for path in joined.split(",") if path) or None


def page_links(address: str, query: str, shown: ListQuery, *, more: bool) -> tuple[tuple[bytes, bytes], ...]:
    """Make the `Link` header (RFC 8288) of a list: `next` where more follow, `prev` where some came before."""
    links = []
    if more:
        links.append(_link(address, query, shown, shown.skip + shown.limit, "next"))
    if shown.skip:
        links.append(_link(address, query, shown, max(0, shown.skip - shown.limit), "prev"))
    return ((b"link", ", ".join(links).encode("ascii")),) if links else ()


def _link(address: str, query: str, shown: ListQuery, skip: int, rel: str) -> str:
    kept: Iterable[tuple[str, str]] = (
        (name, value) for name, values in parameters(query).items() for value in values if name not in ("limit", "skip")
    )
    return f'<{address}?{urlencode([*kept, ("limit", shown.limit), ("skip", skip)])}>; rel="{rel}"'
