"""Method `token`: each answer names the token of the next page, in its body or a header."""

from isthmus.adaptors.http.fields import text
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step
from isthmus.adaptors.http.texts import as_text
from isthmus.model.json import Document, Json
from isthmus.records.paths import MISSING


class TokenPaginator(Paginator):
    """Starts with `token` (normally empty); ends where no token comes. An empty page with a token goes on."""

    ends_on_empty = False
    follows = True

    def __init__(self, paging: Document) -> None:
        self._first = paging.get("token")
        self._path = text(paging, "path")
        self._later_path = text(paging, "pathAfterFirstRequest", self._path)
        self._in_header = text(paging, "pathLocation", "body").lower() == "header"

    def first(self) -> Step:
        """The configured token."""
        return Step({"token": "" if self._first is None else self._first})

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The token of this answer."""
        del step
        path = self._path if seen.number == 1 else self._later_path
        found = self._read(seen, path) if path else MISSING
        nothing = found is MISSING or found is None or found is False or found in ("", [], {})
        return None if nothing else Step({"token": as_text(found)})

    def _read(self, seen: Seen, path: str) -> Json:
        """Read it; the name of a header counts letter by letter."""
        if not self._in_header:
            return seen.answer.at(path)
        return next((value for name, value in seen.answer.headers if name == path), MISSING)
