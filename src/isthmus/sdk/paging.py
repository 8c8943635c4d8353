"""Pages of records and the cursor that leads from one to the next. Source: exports.md sections 2 and 3."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from isthmus.model.json import Json, Record


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page is; JSON alone, so that it survives a restart.

    `public` travels in clear inside `pagedExportState` (the caller can read it, the signature keeps it whole);
    `private` travels sealed: anything that was rendered (URIs, bodies) belongs there.
    """

    public: Mapping[str, Json] = field(default_factory=dict)
    private: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one answer, in the order of the source, and the way on (None after the last page)."""

    records: list[Record]
    cursor: Cursor | None = None
