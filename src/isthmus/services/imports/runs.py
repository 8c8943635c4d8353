"""One run of an import: records stream through preparation into the writer, results come back in the records' order.

Nothing is held but what is under way: the writer decides how far it reads ahead. Source: imports.md sections 1, 2, 5.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from isthmus.model.errors import EgressDenied, Refused, RemoteError
from isthmus.model.json import Json
from isthmus.sdk import Import, Writer, WriteResult
from isthmus.sdk.in_order import in_order
from isthmus.services.imports.faults import failed, refused
from isthmus.services.imports.feeds import Feed
from isthmus.services.imports.plans import Child, Preparation, Prepared

OFFLINE: Final = 403
_UNANSWERED: Final = refused("no_result", "No result came back for this record; whether it arrived is unknown.")
_NOT_SENT: Final = refused("not_sent", "This record was not sent.")


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import ready to run: how records are prepared, and who writes them."""

    import_: Import
    preparation: Preparation
    writer: Writer

    async def results(self, data: Iterable[Json], window: int) -> AsyncGenerator[WriteResult, None]:
        """Give one result for each record of `data`, in order. `window` bounds how many are prepared at once."""
        family: list[WriteResult] = []
        children = self.preparation.children(data)
        async with (
            aclosing(in_order(children, self.preparation.prepare, window)) as prepared,
            aclosing(self._written(Feed(prepared))) as written,
        ):
            async for child, result in written:
                family.append(result)
                if child.last:
                    yield result if child.only else merged(family)
                    family = []

    async def _written(self, feed: Feed) -> AsyncGenerator[tuple[Child, WriteResult], None]:
        broken: WriteResult | None = None
        begun = False
        try:
            async with self._writing(feed) as results:
                async for result in results:
                    begun = True
                    for item in feed.ready():
                        yield item.child, item.result or _NOT_SENT
                    item = feed.answered()
                    yield item.child, self._linked(item, result)
        except (RemoteError, EgressDenied, Refused) as error:
            if isinstance(error, Refused) and not begun:
                raise  # the model cannot be run: nothing was sent
            broken = failed(error)
        for item in feed.flush():
            yield item.child, item.result or broken or _UNANSWERED
        async for item in feed.rest():
            yield item.child, item.result or broken or _NOT_SENT

    @asynccontextmanager
    async def _writing(self, feed: Feed) -> AsyncIterator[AsyncIterator[WriteResult]]:
        async with aclosing(feed.outgoing()) as outgoing:
            results = self.writer.write(self.import_, outgoing)
            try:
                yield results
            finally:
                if isinstance(results, AsyncGenerator):
                    await results.aclose()

    def _linked(self, item: Prepared, result: WriteResult) -> WriteResult:
        """Add the `dataURI`, where the import has a template for it and the writer gave none."""
        if item.outgoing is None or result.status != 200 or result.ignored or result.data_uri:  # noqa: PLR2004  # as WriteResult
            return result
        link = self.preparation.data_uri(item.outgoing, result)
        return result if link is None else replace(result, data_uri=link)


def merged(results: list[WriteResult]) -> WriteResult:
    """Make the one result of a record that was split: the worst status, every error, the children's answers."""
    answers = [result.json for result in results]
    return WriteResult(
        max(results, key=lambda result: _RANK[result.status]).status,
        id=next((result.id for result in results if result.id is not None), None) if len(results) == 1 else None,
        json=answers if any(answer is not None for answer in answers) else None,
        errors=tuple(fault for result in results for fault in result.errors),
        ignored=all(result.ignored for result in results),
    )


_RANK: Final = {200: 0, 422: 1, 403: 2}
