"""The filters of the account's audit log, from the query string and from the body. Source: api.md section 8."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from isthmus.api.query import bad_query, number, parameters
from isthmus.model.clock import from_iso
from isthmus.model.errors import InvalidDocument, Problem, invalid
from isthmus.model.json import Document, Json
from isthmus.services.kinds import kind_of
from isthmus.store import AuditFilter

_DEFAULT: Final = 100
_MOST: Final = 1000
_MOST_VALUES: Final = 100


def audit_query(query: str, body: Document | None = None) -> AuditFilter:
    """Read the filters. Raises Malformed for a bad query parameter, InvalidDocument for a bad field of the body."""
    given = parameters(query)
    named = {name: _strings(given, body or {}, name) for name in ("resourceType", "source", "action")}
    return AuditFilter(
        resources=_resources(body or {}),
        resource_types=[_resource(name) for name in named["resourceType"]],
        resource_ids=_strings(given, {}, "_resourceId"),
        by_user=_strings(given, {}, "_byUserId"),
        source=[value.lower() for value in named["source"]],
        event=[value.lower() for value in named["action"]],
        since=_instant(given, "from"),
        until=_instant(given, "to"),
        limit=min(number(given, "limit", _DEFAULT, least=1), _MOST),
    )


def _resource(name: str) -> str:
    kind = kind_of(name)
    return name if kind is None else kind.resource


def _strings(given: Mapping[str, list[str]], body: Document, name: str) -> list[str]:
    values = [value for value in given.get(name, ()) if value]
    found = body.get(name)
    if found is not None:
        if not isinstance(found, list) or not all(isinstance(value, str) for value in found):
            raise InvalidDocument(invalid(name, f"{name} must be an array of strings."))
        values += found
    if len(values) > _MOST_VALUES:
        raise InvalidDocument(invalid(name, f"{name} takes at most {_MOST_VALUES} values."))
    return values


def _resources(body: Document) -> list[tuple[str, str]] | None:
    found = body.get("resourceName")
    if found is None:
        return None
    if not isinstance(found, list) or len(found) > _MOST_VALUES:
        raise InvalidDocument(invalid("resourceName", f"resourceName must be an array of at most {_MOST_VALUES}."))
    pairs = [_pair(index, item) for index, item in enumerate(found)]
    problems = [pair for pair in pairs if isinstance(pair, Problem)]
    if problems:
        raise InvalidDocument.of(problems)
    return [pair for pair in pairs if not isinstance(pair, Problem)] or None


def _pair(index: int, item: Json) -> tuple[str, str] | Problem:
    kind, resource = _texts(item, ("resourceType", "_resourceId"))
    if kind is None or resource is None:
        return invalid(f"resourceName[{index}]", "Each entry needs resourceType and _resourceId, both strings.")
    return _resource(kind), resource


def _texts(item: Json, names: Iterable[str]) -> tuple[str | None, ...]:
    values = item if isinstance(item, dict) else {}
    return tuple(value if isinstance(value := values.get(name), str) else None for name in names)


def _instant(given: Mapping[str, list[str]], name: str) -> datetime | None:
    values = [value for value in given.get(name, ()) if value]
    if not values:
        return None
    try:
        return from_iso(values[-1])
    except (ValueError, OverflowError):
        raise bad_query(f"{name} must be a date such as 2025-03-28T15:22:51.518Z.", name) from None
