"""Reads pages: one HTTP response each. Source: exports.md sections 2 and 3."""

from typing import Final

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.channel import Addressed, Channel, Render, View
from isthmus.adaptors.http.contexts import with_paging, with_records, with_step
from isthmus.adaptors.http.drafts import Draft
from isthmus.adaptors.http.export_plan import ExportPlan
from isthmus.adaptors.http.extraction import records_of
from isthmus.adaptors.http.paging import Guard, Seen, Step, digest_of
from isthmus.adaptors.http.progress import Progress, Rendered
from isthmus.model.errors import InvalidDocument, Rejected, invalid
from isthmus.model.json import Json, Record
from isthmus.records import RecordError
from isthmus.sdk import Cursor, Export, Page

MAX_TOKEN: Final = 65_536
"""Characters of a page token or next URL; a longer one is a fault of the other system."""


class PageReader:
    """Reads the pages of one export over one channel; holds nothing between two pages."""

    def __init__(self, channel: Channel, plan: ExportPlan, export: Export) -> None:
        self._channel = channel
        self._plan = plan
        self._export = export

    async def read(self, cursor: Cursor | None) -> Page:
        """Read one page. Raises RemoteError, EgressDenied, or Refused (also where paging goes in circles)."""
        progress = Progress(self._plan.paginator.first()) if cursor is None else Progress.of_cursor(cursor)
        render = self._render(progress)
        try:
            answer = await self._channel.send(render, self._plan.expected)
        except RecordError as error:
            raise _refused(error) from error
        if self._plan.stops.quietly(answer, progress.number) and not answer.response.ok:
            return Page([])
        records = self._records(answer, progress.number)
        limit = self._plan.limit
        if limit is not None and progress.count + len(records) >= limit:
            return Page(records[: max(limit - progress.count, 0)])
        return Page(records, self._following(progress, answer, records))

    def _render(self, progress: Progress) -> Render:
        """The request of this page: rendered now for the first one, else as it was when the cursor was made."""
        rendered = progress.rendered
        if rendered is None:
            return lambda view: self._draft(view, progress.step, progress.number, None)
        return lambda view: self._kept(rendered, view)

    def _kept(self, rendered: Rendered, view: View) -> Draft:
        """Give a kept request back, unless it holds secrets for a place that is no longer the connection's."""
        if rendered.ours and view is self._channel.display:
            why = "The state belongs to another base URI of the connection. Start again without it."
            raise InvalidDocument(invalid("pagedExportState", why))
        return rendered.draft(self._channel.token())

    def _records(self, answer: Answer, number: int) -> list[Record]:
        verdicts = self._plan.verdicts
        if not answer.response.ok:
            raise self._channel.rejected(answer, verdicts.error_text(answer.at))
        objection = verdicts.objection(answer.at)
        if objection:
            said = verdicts.error_text(answer.at)
            raise self._channel.rejected(answer, said or objection)
        return records_of(answer, self._plan.resource_path(number), self._plan.response)

    def _following(self, progress: Progress, answer: Answer, records: list[Record]) -> Cursor | None:
        """Find the way on, and render the next request now (decisions.md "Paging")."""
        plan, number, count = self._plan, progress.number, progress.count + len(records)
        if plan.stops.last(answer) or plan.stops.quietly(answer, number):
            return None
        if not records and plan.paginator.ends_on_empty:
            return None
        step = plan.paginator.next(progress.step, Seen(answer, number, len(records), count))
        if step is None:
            return None
        _within_bounds(step)
        previous = _previous(answer, records)
        try:
            made = self._channel.address(self._render(progress))
            following = self._channel.address(lambda view: self._draft(view, step, number + 1, previous))
        except RecordError as error:
            raise _refused(error) from error
        if self._is_over(made, following):
            return None
        guard = progress.guard or Guard(self._digest(progress.step, made))
        guard = guard.after(self._digest(step, following), len(records))
        url, token = following.request.url, self._channel.token()
        rendered = Rendered.of(following.draft, url, ours=following.ours, token=token)
        return Progress(step, number + 1, count, rendered, guard).as_cursor()

    def _is_over(self, made: Addressed, following: Addressed) -> bool:
        """Whether the template of the method rendered blank, or to the very request that was just made."""
        method = self._plan.paginator.by_template
        if not method:
            return False
        blank = not following.draft.uri if method == "relativeURI" else following.draft.body is None
        return blank or _asked(made) == _asked(following)

    def _digest(self, step: Step, addressed: Addressed) -> str:
        """What a circle shows in: the token or URL that the other system gave, else the request itself."""
        given = step.url or step.variables.get("token")
        return digest_of(str(given) if self._plan.paginator.follows else _asked(addressed))

    def _draft(self, view: View, step: Step, number: int, previous: dict[str, Json] | None) -> Draft:
        base: dict[str, Json] = {**view, **self._export.variables}
        base = with_paging(with_step(base, "export", self._plan.document), step.variables)
        if previous is not None:
            base["previous_page"] = previous
        if self._export.record is not None:
            base = with_records(base, [self._export.record])
        return self._plan.draft(base, step, number)


def _asked(addressed: Addressed) -> str:
    """What a request asks for; headers of the connection (which may hold the time of day) are no part of it."""
    draft = addressed.draft
    body = draft.body.content.decode("utf-8", "surrogateescape") if draft.body else ""
    return repr((draft.method, addressed.request.url, draft.headers, body))


def _previous(answer: Answer, records: list[Record]) -> dict[str, Json]:
    headers = dict(reversed(list(answer.headers)))
    shown: dict[str, Json] = {"full_response": None if answer.empty else answer.content(), "headers": headers}
    if records:
        shown["last_record"] = records[-1]
    return shown


def _within_bounds(step: Step) -> None:
    longest = max([len(step.url or ""), *(len(str(value)) for value in step.variables.values())])
    if longest > MAX_TOKEN:
        raise Rejected("invalid_response", f"The next page's token or URL is longer than {MAX_TOKEN:,} characters.")


def _refused(error: RecordError) -> InvalidDocument:
    """An export has no record to blame: a template that cannot be rendered is a fault of the export."""
    return InvalidDocument(invalid("http", f"A template of the export cannot be rendered: {error.message}"))
