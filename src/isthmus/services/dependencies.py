"""Who uses a resource, directly or not, in the shape of the API page. Source: api.md section 9."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from isthmus.model.errors import NotFound
from isthmus.model.ids import is_id
from isthmus.model.json import Document
from isthmus.services.caller import Caller
from isthmus.services.documents import LENDER, parse
from isthmus.services.integration_members import OWNER
from isthmus.services.kinds import KINDS
from isthmus.store import Ref, Session, Store

Node = tuple[str, str]
"""Kind (plural) and id."""


@dataclass(slots=True)
class _User:
    """What is known of one dependant: where it refers, and to what."""

    paths: set[str] = field(default_factory=set)
    uses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Dependencies:
    """Follows references against their direction: connection, then exports and imports, flows, integrations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, caller: Caller, kind: str, id: str) -> Document:  # noqa: A002  # the field's own name
        """Group every dependant by plural kind, each group in the order of ids; `{}` where there is none.

        The queries are as many as there are levels, not as there are dependants. Raises NotFound.
        """
        caller.require_full()
        async with self._store.read() as session:
            if not is_id(id) or not await session.documents.exists(kind, [id]):
                raise NotFound(f"There is no {KINDS[kind].resource} with this id.")
            users = await _Walk(session, (kind, id)).run()
            return await _shown(session, users)


class _Walk:
    def __init__(self, session: Session, root: Node) -> None:
        self._session = session
        self._root = root
        self._users: dict[Node, _User] = defaultdict(_User)

    async def run(self) -> dict[Node, _User]:
        """Visit every resource once, level by level."""
        level: set[Node] = {self._root}
        seen = set(level)
        while level:
            reached = {user for of, ids in _grouped(level) for user in await self._users_of(of, ids)}
            level = {user for user in reached if user not in seen}
            seen |= level
        self._users.pop(self._root, None)
        return self._users

    async def _users_of(self, kind: str, ids: list[str]) -> set[Node]:
        """Note who uses any of these; tells whose own users are to be visited next."""
        onwards = set()
        for ref in await self._session.references.to_many(kind, ids):
            if ref.path == OWNER and (ref.to_kind, ref.to_id) != self._root:
                continue
            user = (ref.from_kind, ref.from_id)
            self._note(user, KINDS[kind].singular, ref.to_id, ref.path)
            # Who borrows concurrency uses the lender's queue; its own exports and imports do not.
            if ref.path not in (LENDER, OWNER):
                onwards.add(user)
        if kind == "flows":
            onwards |= await self._owners_of(ids)
        return onwards

    async def _owners_of(self, flow_ids: list[str]) -> set[Node]:
        """An integration uses its flows, though it is the flow that names the integration: so there is no path."""
        links: Iterable[Ref] = await self._session.references.from_many("flows", flow_ids)
        owners = set()
        for ref in links:
            if ref.path == OWNER:
                self._note((ref.to_kind, ref.to_id), KINDS["flows"].singular, ref.from_id)
                owners.add((ref.to_kind, ref.to_id))
        return owners

    def _note(self, user: Node, singular: str, used: str, path: str | None = None) -> None:
        known = self._users[user]
        known.uses[singular].add(used)
        if path is not None:
            known.paths.add(path)


def _grouped(nodes: set[Node]) -> list[tuple[str, list[str]]]:
    return [(kind, sorted(ids)) for kind in KINDS if (ids := [known for of, known in nodes if of == kind])]


async def _shown(session: Session, users: dict[Node, _User]) -> Document:
    found: Document = {}
    for kind, ids in _grouped(set(users)):
        found[KINDS[kind].plural] = [
            _entry(stored.id, parse(stored.body).get("name", ""), users[kind, stored.id])
            for stored in await session.documents.many(kind, ids)
        ]
    return found


_ACCESS: Final = "manage"
"""Every token of the one account manages it."""


def _entry(id: str, name: str, user: _User) -> Document:  # noqa: A002  # the field's own name
    return {
        "id": id,
        "name": name,
        "paths": sorted(user.paths),
        "accessLevel": _ACCESS,
        "dependencyIds": {singular: sorted(ids) for singular, ids in sorted(user.uses.items())},
    }
