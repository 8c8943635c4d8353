"""The coverage page: every endpoint, the tests that show it, and its state. Source: issue 2 "Shows"."""

from collections.abc import Iterable, Mapping, Sequence

from isthmus.api.routing import Route

_HEAD = """# Endpoints and the tests that show them

Generated from the routes and from the `endpoint` marks of the tests; do not edit.

| endpoint | reference | token | audit | state | shown by |
|---|---|---|---|---|---|
"""


def endpoint(route: Route) -> str:
    """Name an endpoint as a mark does: `GET /v1/connections/{id}`."""
    return f"{route.method} {route.path}"


def coverage_page(routes: Iterable[Route], shown_by: Mapping[str, Sequence[str]]) -> str:
    """Write the page; `shown_by` gives the names of the tests of each endpoint."""
    return _HEAD + "".join(_row(route, shown_by.get(endpoint(route), ())) for route in routes)


def _row(route: Route, tests: Sequence[str]) -> str:
    state = "not built: 422 `unsupported`" if route.summary.lower().find("not built yet") >= 0 else "works"
    row = f"api.md {route.row}" if route.row else "decisions.md"
    names = ", ".join(f"`{test}`" for test in tests) or "**none**"
    return f"| {endpoint(route)} | {row} | {route.scope} | {route.audit or ''} | {state} | {names} |\n"
