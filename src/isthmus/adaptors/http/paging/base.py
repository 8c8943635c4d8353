"""What a paging method is: immutable, pure, a function of what was seen. Source: exports.md section 2 "paging"."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.fields import block, text, whole
from isthmus.adaptors.http.texts import as_text, as_texts
from isthmus.model.json import Document, Json
from isthmus.records.paths import MISSING


@dataclass(frozen=True, slots=True)
class Step:
    """What the next request is made with: `export.http.paging.*` of its templates, or a whole URL."""

    variables: Mapping[str, Json] = field(default_factory=dict)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a paging method sees it. `number` counts pages from 1; `count` includes this page's `received`."""

    answer: Answer
    number: int = 1
    received: int = 0
    count: int = 0


class Paginator:
    """The base of the seven methods, and at once of an export without paging: one page, then nothing.

    `ends_on_empty`: a page without records is the last one. `follows`: the other system names the next page (a token, a
    URL), so that naming the same one again is a circle. `by_template`: the method is over when its template renders
    blank or to the very request that was just made.
    """

    ends_on_empty = True
    follows = False
    by_template = ""

    def first(self) -> Step:
        """The step of the first request."""
        return Step()

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The step after this answer; None when the method itself says that this was the last page."""
        del step, seen
        return None


@dataclass(frozen=True, slots=True)
class StopRules:
    """What ends every method alike."""

    status: int | None = None
    path: str = ""
    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, paging: Document) -> "StopRules":
        """Read them from a `paging` block."""
        values = paging.get("lastPageValues", paging.get("lastPageValue", MISSING))
        listed = () if values is MISSING else ("null",) if values is None else as_texts(values)
        return cls(whole(paging, "lastPageStatusCode"), text(paging, "lastPagePath"), listed)

    def quietly(self, answer: Answer, number: int) -> bool:
        """Tell whether a status, 404 unless said otherwise, means "no such page"; never so on the first page."""
        return number > 1 and answer.status == (404 if self.status is None else self.status)

    def last(self, answer: Answer) -> bool:
        """Tell whether a page says that it is the last one."""
        if not self.path:
            return False
        value = answer.at(self.path)
        return value is not MISSING and as_text(value) in self.values


def paging_of(export: Document) -> Document:
    """Give the `paging` block of an http export."""
    return block(export, "http", "paging")
