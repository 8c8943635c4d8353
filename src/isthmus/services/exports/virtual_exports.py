"""Virtual exports: a model that is not stored, run through a saved connection.

Source: api.md section 6, exports.md section 3.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from isthmus.model.errors import CredentialsRejected, InvalidDocument, Rejected, Unsupported, invalid
from isthmus.model.json import Document, Json
from isthmus.records.budget import begin_budget
from isthmus.sdk import Cursor, Export, Page, Reader
from isthmus.sdk.lru import Lru
from isthmus.services.caller import Caller
from isthmus.services.debug_log.running import running
from isthmus.services.exports.answers import Answer, page_body
from isthmus.services.exports.destination_digests import destination_of
from isthmus.services.exports.models import ExportModel, ExportModels
from isthmus.services.exports.page_states import FIELD, Binding, PageStates, Resume
from isthmus.services.exports.plans import ExportPlan, Shaped, compile_export
from isthmus.services.exports.runs import ExportRun, start_run
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Opened
from isthmus.services.virtual_models import unwrap

PAGE_SIZE: Final = 20
_UNSIZED: Final = "unsized"
"""Tells that the size in a state is the default: an adaptor that counted by it would read records twice."""
_EMPTY_PAGES: Final = 1000
"""So many pages in a row without a record are no export but a loop."""


@dataclass(frozen=True, slots=True)
class ExportCaps:
    """How much one unpaged export may answer with (decisions.md "Export cap"); `bytes` counts the records as JSON."""

    records: int = 10_000
    bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Job:
    """One export ready to run through one opened connection."""

    export: Export
    plan: ExportPlan
    run: ExportRun
    reader: Reader
    platform: dict[str, Json]

    async def read(self, cursor: Cursor | None) -> Page:
        page = await self.reader.read(self.export, cursor)
        if self.run.left is None or len(page.records) < self.run.left:
            return page
        return Page(page.records[: self.run.left])

    async def shape(self, page: Page, first: int = 0) -> Shaped:
        return await self.plan.shape(page.records, self.platform, first=first)


class VirtualExports:
    """Runs virtual exports."""

    def __init__(
        self, connections: OpenedConnections, states: PageStates, marks: OfflineMarks, caps: ExportCaps | None = None
    ) -> None:
        self._connections = connections
        self._states = states
        self._marks = marks
        self._caps = caps or ExportCaps()
        self._plans: Lru[ExportPlan] = Lru()
        self._models = ExportModels()
        self._clock = connections.clock

    async def everything(self, caller: Caller, connection_id: str, body: Json) -> bytes:
        """Read everything: `{"data":[...],"dataURIs":[...]}` as JSON.

        Raises InvalidDocument (also over the caps, pointing at `export/pages`), Unsupported, NotFound, RemoteError.
        """
        async with self._using(caller, connection_id, body) as (used, model):
            return await self._all(used, model, self._run(model, body))

    async def page(self, caller: Caller, connection_id: str, body: Json) -> bytes:
        """Read one page: as `everything`, and `pagedExportState` while there are more.

        Raises as `everything`, and InvalidDocument on `pagedExportState` for a state that is not good here.
        """
        async with self._using(caller, connection_id, body) as (used, model):
            return await self._page(used, model, self._run(model, body), body.get(FIELD))

    @asynccontextmanager
    async def _using(self, caller: Caller, connection_id: str, body: Json) -> AsyncIterator[tuple[Opened, ExportModel]]:
        async with self._connections.saved(caller, connection_id) as used:
            begin_budget()
            model = self._models.of(unwrap(body, "export"), used.spec.name)
            with running("export", model.document):
                try:
                    yield used, model
                except CredentialsRejected:
                    await self._marks.mark(used, caller, offline=True)
                    raise

    def _run(self, model: ExportModel, body: Document) -> ExportRun:
        return start_run(model.document, body.get("postData"), self._clock)

    async def _all(self, used: Opened, model: ExportModel, run: ExportRun) -> bytes:
        answer, cursor, taken, empty = Answer(), None, 0, 0
        while True:
            job = self._job(used, model, run)
            page = await job.read(cursor)
            answer.add(await job.shape(page, taken))
            taken, run = taken + len(page.records), run.after(len(page.records))
            self._check(answer)
            if page.cursor is None:
                return answer.body()
            cursor, empty = page.cursor, 0 if page.records else empty + 1
            if empty > _EMPTY_PAGES:
                raise Rejected("paging", "The system gives page after page without a record and never the last one.")

    async def _page(self, used: Opened, model: ExportModel, run: ExportRun, state: Json) -> bytes:
        binding = Binding(used.id, model.binding, destination_of(used.opening.display))
        cursor = None
        if state is not None:
            resume = await self._states.redeem(binding, state)
            cursor, run = resume.cursor, run.resumed(resume.run)
            model = model.with_page_size(None if resume.run.get(_UNSIZED) else resume.page_size)
        job = self._job(used, model, run)
        page = await job.read(cursor)
        shaped = await job.shape(page)
        if page.cursor is None:
            return page_body(shaped, None)
        kept = run.after(len(page.records)).remembered(times=model.times)
        if model.page_size is None:
            kept[_UNSIZED] = True
        following = Resume(page.cursor, model.page_size or PAGE_SIZE, kept)
        return page_body(shaped, await self._states.issue(binding, following))

    def _job(self, used: Opened, model: ExportModel, run: ExportRun) -> _Job:
        if not isinstance(used.adaptor, Reader):
            raise Unsupported(f"Nothing can be exported from a connection of the type {used.spec.name}.", field="type")
        document, display = model.document, used.opening.display
        settings = {"connection": display.get("settings") or {}, "export": document.get("settings") or {}}
        fixed = {"connection": display, "export": document, "settings": settings}
        plan = self._plans.get((model.rules, used.number), lambda: compile_export(document, fixed))
        platform = {**fixed, **run.variables}
        return _Job(Export(document, model.rules, run.variables), plan, run, used.adaptor, platform)

    def _check(self, answer: Answer) -> None:
        if answer.records > self._caps.records or answer.size > self._caps.bytes:
            raise InvalidDocument(
                invalid(
                    "export",
                    f"The export gives more than {self._caps.records} records or {self._caps.bytes} bytes, which is too"
                    " much for one answer. Read it page by page: POST the same body to export/pages.",
                )
            )
