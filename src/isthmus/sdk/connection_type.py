"""What a connection type declares: its document, its rules and how it is opened. Source: connections.md."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel

from isthmus.model.errors import Problem
from isthmus.model.json import Document
from isthmus.model.part import Part

if TYPE_CHECKING:
    from isthmus.sdk.adaptor import Adaptor, Opening


class Block(Part):
    """The base of every configuration block: unknown fields are dropped silently (api.md section 2)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names another resource: `Reference("http._iClientId", "iclients")`."""

    field: str
    kind: str


Opener = Callable[["Opening"], AbstractAsyncContextManager["Adaptor"]]


def _no_problems(_document: Document) -> Iterable[Problem]:
    return ()


@dataclass(frozen=True, slots=True)
class ConnectionType:
    """Everything the service needs to know of one connection type.

    `check` sees the whole document as the client sent it (possibly with masks in place of secrets, possibly with
    wrong types) and names what the model of the block alone cannot: conditional requirements, fields that exclude one
    another. It never raises. `normalise` runs on the validated document and clamps, defaults and fixes letter case.
    `destination` lists the dotted fields that decide where a secret is sent: when one changes, a mask is no longer
    "keep the stored secret" (decision 3 of the architecture). `adaptor_types` are the prefixes of `adaptorType` whose
    exports and imports run on this type ("HTTP" for HTTPExport and HTTPImport), the usual one first; `blocks` names the
    configuration block of each of them, in the same order; `export_blocks` and `import_blocks` hold the models of
    those that are checked field by field (a block without one is kept as it came). `open` is None while nothing here
    can talk to such a system.
    """

    name: str
    block: type[BaseModel]
    check: Callable[[Document], Iterable[Problem]] = _no_problems
    normalise: Callable[[Document], Document] = lambda document: document
    destination: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    adaptor_types: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    export_blocks: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    import_blocks: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    concurrency: int = 5
    patchable: Mapping[str, str] = field(default_factory=dict)
    open: Opener | None = None
