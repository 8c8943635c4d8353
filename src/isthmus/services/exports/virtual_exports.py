"""Virtual exports: a model that is not stored, run through a saved connection.

Source: api.md section 6, exports.md section 3.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from isthmus.model.errors import CredentialsRejected, InvalidDocument, Rejected, Unsupported, invalid
from isthmus.model.json import Document, Json
from isthmus.sdk import Cursor, Export, Page, Reader
from isthmus.sdk.documents import validate_export
from isthmus.sdk.lru import Lru
from isthmus.services.caller import Caller
from isthmus.services.canonical import digest, ordered_digest
from isthmus.services.debug_log.running import running
from isthmus.services.exports.answers import Answer
from isthmus.services.exports.destination_digests import destination_of
from isthmus.services.exports.page_states import FIELD, Binding, PageStates, Resume
from isthmus.services.exports.plans import ExportPlan, Shaped, compile_export
from isthmus.services.exports.runs import ExportRun, start_run
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Opened
from isthmus.services.virtual_models import refuse_unrunnable_export, unwrap, with_id

PAGE_SIZE: Final = 20
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

    def shape(self, page: Page, first: int = 0) -> Shaped:
        return self.plan.shape(page.records, self.platform, first=first)


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
        self._clock = connections.clock

    async def everything(self, caller: Caller, connection_id: str, body: Json) -> bytes:
        """Read everything: `{"data":[...],"dataURIs":[...]}` as JSON.

        Raises InvalidDocument (also over the caps, pointing at `export/pages`), Unsupported, NotFound, RemoteError.
        """
        model = await self._model(caller, connection_id, body)
        run = start_run(model, body.get("postData"), self._clock)
        return await self._with(caller, connection_id, model, lambda used: self._all(used, model, run))

    async def page(self, caller: Caller, connection_id: str, body: Json) -> bytes:
        """Read one page: as `everything`, and `pagedExportState` while there are more.

        Raises as `everything`, and InvalidDocument on `pagedExportState` for a state that is not good here.
        """
        model = await self._model(caller, connection_id, body)
        run = start_run(model, body.get("postData"), self._clock)
        state = body.get(FIELD)
        return await self._with(caller, connection_id, model, lambda used: self._page(used, model, run, state))

    async def _model(self, caller: Caller, connection_id: str, body: Json) -> Document:
        spec = await self._connections.type_of(caller, connection_id)
        sent = unwrap(body, "export")
        model = validate_export(sent, connection_type=spec.name, virtual=True)
        refuse_unrunnable_export({**sent, **model})
        return with_id(model, sent)

    async def _with(
        self, caller: Caller, connection_id: str, model: Document, work: Callable[[Opened], Awaitable[bytes]]
    ) -> bytes:
        with running("export", model):
            async with self._connections.saved(caller, connection_id) as used:
                try:
                    return await work(used)
                except CredentialsRejected:
                    await self._marks.mark(used, caller, offline=True)
                    raise

    async def _all(self, used: Opened, model: Document, run: ExportRun) -> bytes:
        answer, cursor, taken, empty = Answer(), None, 0, 0
        while True:
            job = self._job(used, model, run)
            page = await job.read(cursor)
            answer.add(job.shape(page, taken))
            taken, run = taken + len(page.records), run.after(len(page.records))
            self._check(answer)
            if page.cursor is None:
                return answer.body()
            cursor, empty = page.cursor, 0 if page.records else empty + 1
            if empty > _EMPTY_PAGES:
                raise Rejected("paging", "The system gives page after page without a record and never the last one.")

    async def _page(self, used: Opened, model: Document, run: ExportRun, state: Json) -> bytes:
        binding = Binding(used.id, digest({**model, "pageSize": None}), destination_of(used.opening.display))
        cursor = None
        if state is not None:
            resume = await self._states.redeem(binding, state)
            cursor, run = resume.cursor, run.resumed(resume.run)
            model = {**model, "pageSize": resume.page_size}
        job = self._job(used, model, run)
        page = await job.read(cursor)
        answer = Answer()
        answer.add(job.shape(page))
        if page.cursor is None:
            return answer.body()
        kept = run.after(len(page.records)).remembered(model)
        following = Resume(page.cursor, model.get("pageSize") or PAGE_SIZE, kept)
        return answer.body(await self._states.issue(binding, following))

    def _job(self, used: Opened, model: Document, run: ExportRun) -> _Job:
        if not isinstance(used.adaptor, Reader):
            raise Unsupported(f"Nothing can be exported from a connection of the type {used.spec.name}.", field="type")
        rules = ordered_digest(model)
        display = used.opening.display
        settings = {"connection": display.get("settings") or {}, "export": model.get("settings") or {}}
        fixed = {"connection": display, "export": model, "settings": settings}
        plan = self._plans.get(f"{rules}:{used.number}", lambda: compile_export(model, fixed))
        platform = {**fixed, **run.variables}
        return _Job(Export(model, rules, run.variables), plan, run, used.adaptor, platform)

    def _check(self, answer: Answer) -> None:
        if answer.records > self._caps.records or answer.size > self._caps.bytes:
            raise InvalidDocument(
                invalid(
                    "export",
                    f"The export gives more than {self._caps.records} records or {self._caps.bytes} bytes, which is too"
                    " much for one answer. Read it page by page: POST the same body to export/pages.",
                )
            )
