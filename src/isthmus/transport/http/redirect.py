"""Redirects, hop by hop, and the one rule of where credentials may follow. Source: RFC 9110 section 15.4."""

from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from yarl import URL

from isthmus.model.errors import EgressDenied, Unreachable
from isthmus.transport.egress import Egress, Target
from isthmus.transport.http.message import CREDENTIAL_HEADERS, Request, Response

_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
_TO_GET_AFTER_POST: Final = frozenset({301, 302})
_SEE_OTHER: Final = 303
_OF_BODY: Final = frozenset({"content-type", "content-encoding", "content-language", "content-location"})
_PORTS: Final = {"http": 80, "https": 443}


def may_carry_credentials(first: str | URL, url: str | URL) -> bool:
    """Tell whether what was meant for `first` (credentials, a secret body) may be sent to `url`.

    Only to the same scheme, host and port, or from http to https of the same host on the usual ports; never from
    https to http. False for what is no absolute URL.
    """
    try:
        one, other = _origin(URL(first)), _origin(URL(url))
    except ValueError:
        return False
    if not one[1] or not other[1]:
        return False
    return one == other or (one == ("http", one[1], 80) and other == ("https", one[1], 443))


def _origin(url: URL) -> tuple[str, str, int | None]:
    host = (url.raw_host or "").lower().removesuffix(".")
    return url.scheme, host, url.port or _PORTS.get(url.scheme)


def is_redirect(request: Request, response: Response) -> bool:
    """Tell whether an answer leads on: a redirect that names where to, to a request that may follow it."""
    return request.follow and response.status in _STATUSES and response.headers.get("Location") is not None


def next_hop(request: Request, target: Target, response: Response, egress: Egress) -> tuple[Request, Target]:
    """Make the request that a redirect asks for, and check where it goes.

    Raises EgressDenied (its message does not repeat what the other side sent), or Unreachable where the body holds a
    secret and would leave its origin. Credentials that were dropped once stay dropped.
    """
    goal = _goal(target, response.headers.get("Location") or "", egress)
    following = replace(_rewritten(request, response.status), url=str(goal.url))
    if request.keep_credentials and may_carry_credentials(target.url, goal.url):
        return following, goal
    if following.secret_body and following.body is not None:
        raise Unreachable(
            "redirect_refused",
            f"{target.shown} redirects a request that holds a secret to another origin. Not followed.",
        )
    dropped = CREDENTIAL_HEADERS | following.credentials
    return replace(following, headers=following.headers.without(dropped)), goal


def _goal(target: Target, location: str, egress: Egress) -> Target:
    try:
        return egress.check_url(urljoin(str(target.url), location) if location.isprintable() else location)
    except (EgressDenied, ValueError):
        raise EgressDenied(
            f"{target.shown} redirects to a destination that the egress policy forbids. Not followed."
        ) from None


def _rewritten(request: Request, status: int) -> Request:
    to_get = status == _SEE_OTHER or (status in _TO_GET_AFTER_POST and request.method == "POST")
    if not to_get or request.method in {"GET", "HEAD"}:
        return request
    return replace(request, method="GET", body=None, headers=request.headers.without(_OF_BODY))
