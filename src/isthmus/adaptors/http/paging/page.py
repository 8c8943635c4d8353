"""Method `page`: `export.http.paging.page` counts up by one."""

from isthmus.adaptors.http.fields import whole
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step
from isthmus.adaptors.http.paging.totals import total
from isthmus.model.json import Document


class PagePaginator(Paginator):
    """Starts at `page` (0 by default); ends at `maxPagePath`, else at `maxCountPath` records, else on an empty page."""

    def __init__(self, paging: Document) -> None:
        self._paging = paging
        self._start = whole(paging, "page") or 0

    def first(self) -> Step:
        """The configured page."""
        return Step({"page": self._start})

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The page after it. A total counts pages from 1, wherever the numbers start."""
        page = int(step.variables["page"])
        pages = total(self._paging, "maxPagePath", seen)
        if pages is not None:
            return None if page + (1 if self._start == 0 else 0) >= pages else Step({"page": page + 1})
        records = total(self._paging, "maxCountPath", seen)
        return None if records is not None and seen.count >= records else Step({"page": page + 1})
