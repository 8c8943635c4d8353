"""Method `url`: the body names the whole URL of the next page."""

from isthmus.adaptors.http.fields import text
from isthmus.adaptors.http.origin import follow
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step
from isthmus.model.json import Document


class UrlPaginator(Paginator):
    """Follows the URL at `path` until there is none. An empty page with a URL goes on."""

    ends_on_empty = False
    follows = True

    def __init__(self, paging: Document) -> None:
        self._path = text(paging, "path")

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The URL in this answer, a relative one resolved against this page."""
        del step
        found = seen.answer.at(self._path) if self._path else None
        if not isinstance(found, str) or not found.strip():
            return None
        return Step(url=follow(seen.answer.response.url, found))
