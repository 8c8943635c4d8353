"""Whether a document may be stored: its model, its rules, and everything it refers to.

Source: connections.md "Suggested validation order", decisions.md "References", engine.md section 5.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from isthmus.model.clock import from_iso, to_iso
from isthmus.model.errors import InvalidDocument, Problem, Refused, invalid, invalid_ref
from isthmus.model.ids import is_id
from isthmus.model.json import Document, Json
from isthmus.model.look import at
from isthmus.model.references import Link, references_of
from isthmus.records import compile_filter, compile_mapping, compile_transform
from isthmus.services.documents import LENDER, parse
from isthmus.services.kinds import Kind
from isthmus.store import Session

DEBUG_AHEAD: Final = timedelta(minutes=60)
"""How far ahead debugging may be switched on (api.md section 10)."""

_DEBUG_FIELDS: Final = ("debugDate", "debugUntil")


async def cleaned(session: Session, kind: Kind, sent: Document, known: Collection[Link] = ()) -> Document:
    """Validate and clean a document as a client sent it. Raises InvalidDocument with all problems.

    References in `known` were checked when they were stored.
    """
    problems: list[Problem] = []
    fields = sent
    try:
        fields = kind.validate(sent, await _connection_type(session, sent))
    except InvalidDocument as refusal:
        problems += refusal.problems
    else:
        problems += rule_problems(kind, fields)
    problems += await missing_references(session, kind, fields, known)
    if problems:
        raise InvalidDocument.of(problems)
    return fields


async def _connection_type(session: Session, sent: Json) -> str | None:
    id = sent.get("_connectionId") if isinstance(sent, dict) else None  # noqa: A001  # the field's own name
    stored = await session.documents.get("connections", id) if isinstance(id, str) and is_id(id) else None
    return None if stored is None else parse(stored.body)["type"]


async def missing_references(session: Session, kind: Kind, fields: Json, known: Collection[Link] = ()) -> list[Problem]:
    """Name every reference that leads nowhere, but those in `known`."""
    if not isinstance(fields, dict):
        return []
    by_kind: dict[str, list[Link]] = defaultdict(list)
    for link in references_of(kind.name, fields):
        if link not in known:
            by_kind[link.kind].append(link)
    problems = []
    for other, links in by_kind.items():
        found = await session.documents.exists(other, {link.id for link in links})
        problems += [invalid_ref(link.path) for link in links if link.id not in found]
    return problems


async def check_lender(session: Session, fields: Document, id: str | None) -> None:  # noqa: A002  # the field's own name
    """Refuse to borrow concurrency from itself, from a borrower, or while lending to others. Raises InvalidDocument.

    `id` is the connection's own, None while it is created.
    """
    lender = fields.get(LENDER)
    if lender is None:
        return
    if lender == id:
        raise InvalidDocument(invalid(LENDER, "A connection cannot borrow concurrency from itself."))
    stored = await session.documents.get("connections", lender)
    if stored is not None and LENDER in parse(stored.body):
        raise InvalidDocument(
            invalid(LENDER, "This connection borrows its own concurrency from another one: name that one instead.")
        )
    users = await session.references.to("connections", id) if id else []
    if any(ref.path == LENDER for ref in users):
        raise InvalidDocument(
            invalid(LENDER, "Other connections borrow concurrency from this one, so it cannot borrow itself.")
        )


def rule_problems(kind: Kind, fields: Document) -> Iterator[Problem]:
    """Compile the rules of an export or import, and say what is wrong with them. Scripts are stored as they are."""
    if kind.name == "imports":
        yield from _problems_of(compile_mapping, fields, "")
    for name, compiles in _RULES.get(kind.name, ()):
        if at(fields, f"{name}.type") != "script":
            yield from _problems_of(compiles, fields.get(name), name)


def _problems_of(compiles: Callable[[Json], object], rules: Json, place: str) -> Iterator[Problem]:
    try:
        compiles(rules)
    except Refused as refusal:
        for problem in refusal.problems:
            field = problem.field or place
            inside = field.startswith(place)
            yield replace(problem, field=field if inside else f"{place}.{field}")


_RULES: Final[dict[str, tuple[tuple[str, Callable[[Json], object]], ...]]] = {
    "exports": (("transform", compile_transform), ("filter", compile_filter), ("inputFilter", compile_filter)),
    "imports": (("transform", compile_transform), ("filter", compile_filter)),
}


def clamped(fields: Document, now: datetime) -> Document:
    """Bring the end of debugging within an hour from now."""
    latest = now + DEBUG_AHEAD
    late = [name for name in _DEBUG_FIELDS if name in fields and from_iso(fields[name]) > latest]
    return {**fields, **dict.fromkeys(late, to_iso(latest))}
