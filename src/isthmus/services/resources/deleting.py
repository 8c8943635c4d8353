"""Deleting what nobody uses. Source: api.md section 2 "Notes"."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from isthmus.model.errors import InUse, Problem
from isthmus.services.documents import parse
from isthmus.services.kinds import KINDS
from isthmus.services.resources.registering import REGISTERED, deregister
from isthmus.services.resources.writing import Writer
from isthmus.store import Ref, Stored

_REGISTRATION: Final = f"{REGISTERED}[*]"
_NAMED: Final = 25


async def delete(writer: Writer, stored: Stored) -> None:
    """Delete a document, unless others refer to it: raises InUse, which names them.

    Being registered with an integration is no use of a connection: the registration goes with it.
    """
    refs = await writer.session.references.to(stored.kind, stored.id)
    others = [ref for ref in refs if (ref.from_kind, ref.from_id) != (stored.kind, stored.id)]
    users = [ref for ref in others if ref.path != _REGISTRATION]
    if users:
        raise await _in_use(writer, stored, users)
    for integration in await writer.session.documents.many("integrations", {ref.from_id for ref in others}):
        await deregister(writer, integration, stored.id)
    await writer.delete(stored)


async def _in_use(writer: Writer, stored: Stored, users: Iterable[Ref]) -> InUse:
    paths: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in users:
        paths[ref.from_kind, ref.from_id].append(ref.path)
    shown = sorted(paths)[:_NAMED]
    names = await _names(writer, shown)
    what = KINDS[stored.kind].resource
    problems = [
        Problem(InUse.code, f"This {what} is used by {names[user]} at {', '.join(paths[user])}: change that first.")
        for user in shown
    ]
    if len(paths) > len(shown):
        problems.append(Problem(InUse.code, f"This {what} is used by {len(paths) - len(shown)} more resources."))
    return InUse(*problems)


async def _names(writer: Writer, users: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name resources for people: `export 65c... "NASA API Export"`."""
    names: dict[tuple[str, str], str] = {}
    for kind in dict.fromkeys(kind for kind, _ in users):
        ids = [known for of, known in users if of == kind]
        names |= {(kind, known): f"{KINDS[kind].resource} {known}" for known in ids}
        for user in await writer.session.documents.many(kind, ids):
            names[kind, user.id] += f' "{parse(user.body).get("name", "")}"'
    return names
