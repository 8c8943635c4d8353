"""Method `linkheader`: the Link header (RFC 8288) names the next page."""

import re
from typing import Final

from isthmus.adaptors.http.fields import text
from isthmus.adaptors.http.origin import follow
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step
from isthmus.model.json import Document

_LINK: Final = re.compile(r"\s*<([^>]*)>([^,\"]*(?:\"[^\"]*\"[^,\"]*)*)(?:,|\Z)")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)
_LONGEST: Final = 16_384


def link_with(header: str, relation: str) -> str:
    """Give the URL of the first link of a relation (its letter case counts); "" where there is none."""
    for target, parameters in _LINK.findall(header[:_LONGEST]):
        rel = _REL.search(parameters)
        if rel is not None and relation in (rel[1] or rel[2] or "").split():
            return str(target)
    return ""


class LinkHeaderPaginator(Paginator):
    """Follows `linkHeaderRelation` (`next` by default) until there is no such link."""

    ends_on_empty = False
    follows = True

    def __init__(self, paging: Document) -> None:
        self._relation = text(paging, "linkHeaderRelation", "next")

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The URL of the link, relative ones resolved against this page."""
        del step
        target = link_with(", ".join(seen.answer.headers.all("link")), self._relation)
        return Step(url=follow(seen.answer.response.url, target)) if target else None
