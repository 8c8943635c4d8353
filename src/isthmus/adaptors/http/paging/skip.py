"""Method `skip`: `export.http.paging.skip` counts records."""

from isthmus.adaptors.http.fields import whole
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step
from isthmus.adaptors.http.paging.totals import total
from isthmus.model.json import Document


class SkipPaginator(Paginator):
    """Starts at `skip` (0 by default) and advances by the export's page size, else by the records that came."""

    def __init__(self, paging: Document, page_size: int | None) -> None:
        self._paging = paging
        self._start = whole(paging, "skip") or 0
        self._size = page_size

    def first(self) -> Step:
        """The configured offset."""
        return Step({"skip": self._start})

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The offset after this page."""
        following = Step({"skip": int(step.variables["skip"]) + (self._size or seen.received)})
        pages = total(self._paging, "maxPagePath", seen)
        if pages is not None:
            return None if seen.number >= pages else following
        records = total(self._paging, "maxCountPath", seen)
        return None if records is not None and self._start + seen.count >= records else following
