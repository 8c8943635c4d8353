"""An export compiled for http: its templates, its response rules, its paging. Made once for each digest."""

from collections.abc import Mapping
from dataclasses import dataclass

from isthmus.adaptors.http.answers import Expected
from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.drafts import BLANK, Draft, Recipe, compile_headers, render_headers
from isthmus.adaptors.http.fields import block, text, whole
from isthmus.adaptors.http.findings import Findings
from isthmus.adaptors.http.legacy_rest import translate_export
from isthmus.adaptors.http.paging import Paginator, Step, StopRules, paginator_of, paging_of
from isthmus.adaptors.http.verdicts import Verdicts
from isthmus.model.errors import Problem, Unsupported
from isthmus.model.json import Document, Json
from isthmus.records import Destination, Template, compile_template

DEFAULT_PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """Everything that reading a page needs and that does not change from page to page."""

    document: Document
    first: Recipe
    later: Recipe
    """The request from page 2 on: `paging.relativeURI` and `paging.body` stand over the main ones where set."""
    paginator: Paginator
    stops: StopRules
    verdicts: Verdicts
    expected: Expected
    response: Document
    page_size: int
    limit: int | None
    """How many records in all a `test` export gives; None for every other."""

    def draft(self, context: Mapping[str, Json], step: Step, number: int) -> Draft:
        """Render the request of a page; a step that brings its own URL renders no URI."""
        recipe = self.first if number == 1 else self.later
        if step.url is None:
            return recipe.draft(context)
        body = recipe.body.render(context) if recipe.body is not None else None
        return Draft(recipe.method, step.url, render_headers(recipe.headers, context), body)

    def resource_path(self, number: int) -> str:
        """The path to the records of a page."""
        own = text(self.response, "resourcePath")
        return own if number == 1 else text(paging_of(self.document), "resourcePath", own)


def compile_export(document: Document, media: str) -> ExportPlan:
    """Compile an export; `media` is the connection's. Raises InvalidDocument with all problems, or Unsupported."""
    document = translate_export(document)
    http, paging = block(document, "http"), paging_of(document)
    _refuse_files(http)
    findings = Findings()
    rules = BodyRules(text(http, "requestMediaType", media).lower())
    first = _first(http, rules, findings)
    later = _later(first, paging, rules, findings)
    paginator = findings.made("http.paging", lambda: paginator_of(document), Paginator())
    findings.raise_any()
    response = block(http, "response")
    stream = text(http, "type").lower() == "csvstream"
    limited = document.get("type") == "test"
    return ExportPlan(
        document=document,
        first=first,
        later=later,
        paginator=paginator,
        stops=StopRules.of(paging),
        verdicts=Verdicts.of(response),
        expected=Expected("csv" if stream else _media(http, response, "success"), _media(http, response, "error")),
        response=response,
        page_size=whole(document, "pageSize") or DEFAULT_PAGE_SIZE,
        limit=(whole(block(document, "test"), "limit") or 1) if limited else None,
    )


def _first(http: Document, rules: BodyRules, findings: Findings) -> Recipe:
    return Recipe(
        text(http, "method", "GET").upper(),
        findings.made("http.relativeURI", lambda: _uri(text(http, "relativeURI")), BLANK),
        findings.made("http.headers", lambda: compile_headers(http), ()),
        findings.made("http.body", lambda: compile_body(http.get("body"), rules), None),
    )


def _later(first: Recipe, paging: Document, rules: BodyRules, findings: Findings) -> Recipe:
    own = text(paging, "relativeURI")
    uri = findings.made("http.paging.relativeURI", lambda: _uri(own), BLANK) if own.strip() else first.uri
    body = findings.made("http.paging.body", lambda: compile_body(paging.get("body"), rules), None)
    return Recipe(first.method, uri, first.headers, first.body if body is None else body)


def _uri(source: str) -> Template:
    return compile_template(source, Destination.URI)


def _media(http: Document, response: Document, kind: str) -> str | None:
    return text(http, f"{kind}MediaType", text(response, f"{kind}MediaType")).lower() or None


def _refuse_files(http: Document) -> None:
    kind = text(http, "type").lower()
    if kind in ("file", "blob"):
        message = f"Exports of http.type {kind} cannot be run yet; leave it out to export records."
        raise Unsupported(Problem(Unsupported.code, message, "http.type"))
