"""Virtual imports: a model that is not stored, run through a saved connection.

Source: api.md section 6, imports.md sections 1 and 2.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace

from isthmus.model.errors import Unsupported
from isthmus.model.json import Document, Json
from isthmus.records.budget import begin_budget
from isthmus.sdk import Import, Writer
from isthmus.sdk.documents import validate_import
from isthmus.sdk.in_order import in_order
from isthmus.sdk.lru import Lru
from isthmus.services.caller import Caller
from isthmus.services.canonical import ordered_digest
from isthmus.services.debug_log.running import running
from isthmus.services.imports.answers import Answer
from isthmus.services.imports.explained import explained
from isthmus.services.imports.plans import ImportPlan, Preparation, Prepared, compile_import
from isthmus.services.imports.runs import OFFLINE, ImportRun
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Opened
from isthmus.services.virtual_models import records_of, refuse_unrunnable, unwrap, with_id


@dataclass(frozen=True, slots=True)
class _Job:
    """One import ready to run through one opened connection."""

    import_: Import
    used: Opened
    preparation: Preparation

    @property
    def window(self) -> int:
        """How many records may be prepared at once: preparing may call the other system."""
        return self.used.opening.concurrency if self.preparation.calls_out else 1


class VirtualImports:
    """Runs virtual imports."""

    def __init__(self, connections: OpenedConnections, marks: OfflineMarks) -> None:
        self._connections = connections
        self._marks = marks
        self._plans: Lru[ImportPlan] = Lru()

    async def run(self, caller: Caller, connection_id: str, body: Json) -> bytes:
        """Write every record: a JSON array with one result for each, in order, whatever became of them.

        In an answer that has grown too long, results come without `_json`, what the target said. Raises
        InvalidDocument, Unsupported and NotFound, before anything is sent.
        """
        data, model = await self._model(caller, connection_id, body)
        answer = Answer()
        lost = False
        async with self._job(caller, connection_id, model) as job:
            writer = job.used.adaptor
            if not isinstance(writer, Writer):
                kind = job.used.spec.name
                raise Unsupported(f"Nothing can be imported into a connection of the type {kind}.", field="type")
            run = ImportRun(job.import_, job.preparation, writer)
            async with aclosing(run.results(data, job.window)) as results:
                async for result in results:
                    lost |= result.status == OFFLINE
                    answer.add((replace(result, json=None) if answer.full else result).as_dict())
            if lost:
                await self._marks.mark(job.used, caller, offline=True)
        return answer.body()

    async def map(self, caller: Caller, connection_id: str, body: Json, *, explain: bool = False) -> bytes:
        """Map every record and write none: a JSON array with each mapped record in its place.

        In the place of one that cannot be mapped stands `{"errors":[...]}`, of one that the filter leaves out
        `{"ignored":true}`, of one split into many the array of its mapped children. The other system is called for
        dynamic lookups alone. With `explain` each of these is the `record` of an object, beside what every rule did and
        why (`explain`). Raises as `run`, and InvalidDocument where the answer would be too long.
        """
        data, model = await self._model(caller, connection_id, body, mapping_only=True)
        answer = Answer()
        async with self._job(caller, connection_id, model, explain=explain) as job:
            family: list[Prepared] = []
            first = True
            children = job.preparation.children(data)
            async with aclosing(in_order(children, job.preparation.prepare, job.window)) as prepared:
                async for item in prepared:
                    child = item.child
                    if not explain:
                        split = not child.only
                        answer.add(_mapped(item), opens=split and first, closes=split and child.last)
                    else:
                        family.append(item)
                        if child.last:
                            answer.add(_explained(family))
                            family = []
                    first = child.last
                    answer.refuse_if_full()
        return answer.body()

    async def _model(
        self, caller: Caller, connection_id: str, body: Json, *, mapping_only: bool = False
    ) -> tuple[list[Json], Document]:
        spec = await self._connections.type_of(caller, connection_id)
        sent = unwrap(body, "import")
        data = records_of(body)
        model = validate_import(sent, connection_type=spec.name, virtual=True, mapping_only=mapping_only)
        refuse_unrunnable({**sent, **model})
        return data, with_id(model, sent)

    @asynccontextmanager
    async def _job(
        self, caller: Caller, connection_id: str, model: Document, *, explain: bool = False
    ) -> AsyncIterator[_Job]:
        rules = ordered_digest(model)
        begin_budget()
        with running("import", model):
            async with self._connections.saved(caller, connection_id) as used:
                plan = self._plans.get(f"{rules}:{used.number}", lambda: compile_import(model, used))
                import_ = Import(model, rules)
                yield _Job(import_, used, Preparation(plan, import_, used, explain=explain))


def _explained(family: Sequence[Prepared]) -> Json:
    split = not family[0].child.only
    record = [_mapped(item) for item in family] if split else _mapped(family[0])
    return explained(record, [item.notes for item in family], split=split)


def _mapped(item: Prepared) -> Json:
    if item.outgoing is not None:
        return item.outgoing.mapped
    shown = item.result.as_dict() if item.result is not None else {}
    return {"ignored": True} if shown.get("ignored") else {"errors": shown.get("errors", [])}
