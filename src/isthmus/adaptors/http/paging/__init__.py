"""The seven paging methods, one file each, and what ends them. Source: exports.md section 2 "paging"."""

from collections.abc import Callable
from typing import Final

from isthmus.adaptors.http.fields import text, whole
from isthmus.adaptors.http.paging.base import Paginator, Seen, Step, StopRules, paging_of
from isthmus.adaptors.http.paging.body import BodyPaginator
from isthmus.adaptors.http.paging.guard import Guard, digest_of
from isthmus.adaptors.http.paging.linkheader import LinkHeaderPaginator
from isthmus.adaptors.http.paging.page import PagePaginator
from isthmus.adaptors.http.paging.relativeuri import RelativeUriPaginator
from isthmus.adaptors.http.paging.skip import SkipPaginator
from isthmus.adaptors.http.paging.token import TokenPaginator
from isthmus.adaptors.http.paging.url import UrlPaginator
from isthmus.model.errors import InvalidDocument, invalid
from isthmus.model.json import Document

__all__ = ["Guard", "Paginator", "Seen", "Step", "StopRules", "digest_of", "paginator_of", "paging_of"]

_METHODS: Final[dict[str, Callable[[Document, int | None], Paginator]]] = {
    "": lambda _paging, _size: Paginator(),
    "page": lambda paging, _size: PagePaginator(paging),
    "skip": SkipPaginator,
    "token": lambda paging, _size: TokenPaginator(paging),
    "linkheader": lambda paging, _size: LinkHeaderPaginator(paging),
    "url": lambda paging, _size: UrlPaginator(paging),
    "relativeuri": lambda _paging, _size: RelativeUriPaginator(),
    "body": lambda _paging, _size: BodyPaginator(),
}


def paginator_of(export: Document) -> Paginator:
    """Make the paging method of an http export. Raises InvalidDocument for one unknown or without its template."""
    paging = paging_of(export)
    method = text(paging, "method").lower()
    made = _METHODS.get(method)
    if made is None:
        known = ", ".join(name for name in _METHODS if name)
        raise InvalidDocument(invalid("http.paging.method", f"Unknown paging method. Use one of: {known}."))
    paginator = made(paging, whole(export, "pageSize"))
    if paginator.by_template and not text(paging, paginator.by_template).strip():
        field = f"http.paging.{paginator.by_template}"
        raise InvalidDocument(invalid(field, f"The paging method {method} needs the template {field}."))
    return paginator
