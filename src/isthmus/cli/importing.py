"""Brings the documents of another account into a running service, one after another, so that it can be run again.

A secret never leaves the account that holds it: what comes is its mask. Such fields are left out, listed, and where the
service cannot do without one a placeholder stands in; the connection is then marked offline until the secret is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from isthmus.cli.bundle import Item, dropped, renamed, with_value, without_masks
from isthmus.cli.client import Refusal, ServiceClient
from isthmus.model.errors import IsthmusError
from isthmus.model.json import Document

PLACEHOLDER: Final = "to-be-given"
_MISSING: Final = "missing_required_field"
_BLOCK: Final = ".encrypted"
"""Ends the names of secrets that are whole objects; no connection needs one."""
_NOT_FOUND: Final = 404
_INVALID: Final = 422


class BadIds(IsthmusError):
    """The map of ids beside the file is not one."""


@dataclass(slots=True)
class Outcome:
    """What became of an import. `secrets` and `failed` hold (label, what) pairs."""

    made: int = 0
    known: int = 0
    secrets: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


class IdMap:
    """Old ids to new ones, kept in a file beside the import; written after every document, whole or not at all."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.ids: dict[str, str] = {}
        if file.exists():
            try:
                found = orjson.loads(file.read_bytes())
            except orjson.JSONDecodeError:
                found = None
            if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
                raise BadIds(f"{file} is not a map of ids. Move it away to import everything anew.")
            self.ids = found

    def add(self, old: str, new: str) -> None:
        """Remember one."""
        self.ids[old] = new
        draft = self._file.with_name(self._file.name + ".new")
        draft.write_bytes(orjson.dumps(self.ids, option=orjson.OPT_INDENT_2) + b"\n")
        draft.replace(self._file)


class Importer:
    """Makes documents in a running service."""

    def __init__(self, client: ServiceClient, ids: IdMap) -> None:
        self._client = client
        self._ids = ids
        self.outcome = Outcome()

    async def run(self, items: list[Item], step: Callable[[], None]) -> Outcome:
        """Make every document that is not there yet; one that fails stops no other."""
        for work in (self._one, self._register):
            for item in items:
                try:
                    await work(item)
                except Refusal as error:
                    self.outcome.failed.append((item.label, str(error)))
                if work == self._one:
                    step()
        return self.outcome

    async def _register(self, item: Item) -> None:
        """Register connections with their integrations, once both are there."""
        wanted = item.document.get("_registeredConnectionIds")
        new = self._ids.ids.get(item.old)
        if item.kind != "integrations" or not isinstance(wanted, list) or new is None:
            return
        known = [self._ids.ids[old] for old in wanted if isinstance(old, str) and old in self._ids.ids]
        if known:
            await self._client.call("PUT", f"/v1/integrations/{new}/connections/register", known)

    async def _one(self, item: Item) -> None:
        document, masked = without_masks(item.document)
        self.outcome.secrets += [(item.label, path) for path in masked]
        if await self._is_here(item):
            self.outcome.known += 1
            return
        document = dropped(document, ("_id", "createdAt", "lastModified", "queues"))
        if item.kind == "integrations":
            document = dropped(document, ("_registeredConnectionIds",))
        new = await self._make(item.kind, renamed(document, self._ids.ids), masked)
        self.outcome.made += 1
        if item.old:
            self._ids.add(item.old, new)

    async def _is_here(self, item: Item) -> bool:
        new = self._ids.ids.get(item.old)
        if not new:
            return False
        try:
            await self._client.call("GET", f"/v1/{item.kind}/{new}")
        except Refusal as error:
            if error.status != _NOT_FOUND:
                raise
            return False
        return True

    async def _make(self, kind: str, document: Document, masked: list[str]) -> str:
        if kind == "connections" and masked:
            document = {**document, "offline": True}
        try:
            return await self._post(kind, document)
        except Refusal as error:
            fields = _to_fill(error, masked)
            if not fields:
                raise
        for path in fields:
            document = with_value(document, path, PLACEHOLDER)
        return await self._post(kind, document)

    async def _post(self, kind: str, document: Document) -> str:
        made = await self._client.call("POST", f"/v1/{kind}", document)
        return str(made["_id"])


def _to_fill(error: Refusal, masked: list[str]) -> list[str]:
    """Tell which masked fields need a placeholder: those that are missing.

    Where something else is missing, one of the masked fields may have stood for it (a key for a password, a password
    for the whole block): then all of them.
    """
    missing = {str(problem.get("field")) for problem in error.problems if problem.get("code") == _MISSING}
    if error.status != _INVALID or not missing:
        return []
    return [path for path in masked if path in missing or (missing - {*masked} and not path.endswith(_BLOCK))]
