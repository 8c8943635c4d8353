"""The flow document: what is read (page generators) and what becomes of it (page processors or routers).

Source: api.md sections 5 and 12, mapping.md section 7.
"""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from isthmus.model.errors import Problem, invalid, missing
from isthmus.model.field_types import Free, Id, Name, one_of
from isthmus.model.json import Document, Json
from isthmus.model.look import at, given
from isthmus.model.part import Nullable, Part, ReadOnly
from isthmus.model.validation import refuse_if, require_document, run


class PageGenerator(Part):
    """A source of a flow."""

    export_id: Id = Field(alias="_exportId")
    schedule: str | None = None
    skipRetries: bool | None = None
    id: str | None = None


class PageProcessor(Part):
    """A step of a flow: a lookup (an export) or an import."""

    type: Annotated[str, one_of("export", "import")] | None = None
    export_id: Id | None = Field(None, alias="_exportId")
    import_id: Id | None = Field(None, alias="_importId")
    responseMapping: Free | None = None
    proceedOnFailure: bool | None = None
    hooks: Free | None = None
    id: str | None = None
    name: str | None = None


class Branch(Part):
    """One way out of a router."""

    name: str | None = None
    description: str | None = None
    inputFilter: Free | None = None
    pageProcessors: list[PageProcessor] | None = None
    nextRouterId: Annotated[str | None, Nullable()] = None


class Router(Part):
    """Sends records down one branch, or all that match."""

    id: str | None = None
    name: str | None = None
    routeRecordsTo: Annotated[str, one_of("first_matching_branch", "all_matching_branches")] | None = None
    routeRecordsUsing: Annotated[str, one_of("input_filters", "script")] | None = None
    script: Free | None = None
    branches: list[Branch] | None = None


class Flow(Part):
    """A flow."""

    name: Name
    description: str | None = None
    externalId: str | None = None
    disabled: bool | None = None
    schedule: str | None = None
    timezone: str | None = None
    runPageGeneratorsInParallel: bool | None = None
    skipRetries: bool | None = None
    autoResolveMatchingTraceKeys: bool | None = None
    pageGenerators: list[PageGenerator] | None = None
    pageProcessors: list[PageProcessor] | None = None
    routers: list[Router] | None = None
    aliases: list[Free] | None = None
    settings: Free | None = None
    settingsForm: Free | None = None
    integration_id: Id | None = Field(None, alias="_integrationId")
    connector_id: Id | None = Field(None, alias="_connectorId")
    flow_grouping_id: str | None = Field(None, alias="_flowGroupingId")
    next_flow_ids: list[Id] | None = Field(None, alias="_runNextFlowIds")
    lastExecutedAt: Annotated[Json, ReadOnly()] = None


def validate_flow(document: Document) -> Document:
    """Clean a flow; raises InvalidDocument with all problems."""
    require_document(document)
    cleaned, problems = run(Flow, document)
    refuse_if([*problems, *_check(document)])
    return cleaned


def _check(document: Document) -> Iterator[Problem]:
    if given(document, "pageProcessors") and given(document, "routers"):
        why = "A flow has pageProcessors or routers, not both: move the steps into the branches of the routers."
        yield Problem("invalid_flow", why, "routers")
    yield from _check_steps(document.get("pageProcessors"), "pageProcessors")
    for r, router in enumerate(_list(document.get("routers"))):
        for b, branch in enumerate(_list(at(router, "branches"))):
            yield from _check_steps(at(branch, "pageProcessors"), f"routers[{r}].branches[{b}].pageProcessors")


def _check_steps(steps: Any, place: str) -> Iterator[Problem]:
    for index, step in enumerate(_list(steps)):
        if isinstance(step, dict):
            yield from _check_step(step, f"{place}[{index}]")


def _check_step(step: Document, place: str) -> Iterator[Problem]:
    export, import_ = given(step, "_exportId"), given(step, "_importId")
    if export and import_:
        yield invalid(f"{place}._importId", f"{place} must name an export or an import, not both.")
    elif step.get("type") == "export" and not export:
        yield missing(f"{place}._exportId")
    elif not import_ and (not export or step.get("type") == "import"):
        yield missing(f"{place}._importId")


def _list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []
