"""What happens to a page of records once it was read: transform, output filter, `dataURITemplate`, in this order.

Source: exports.md section 1. A record that a step cannot work on is left out and named among the errors; the others
are unharmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from isthmus.model.json import Document, Json, Record
from isthmus.records import RecordError, Template, compile_filter, compile_transform
from isthmus.records.budget import current_budget
from isthmus.records.filter import Filter
from isthmus.services.imports.faults import fault_of
from isthmus.services.templating import context_of, template_or_none
from isthmus.services.turns import Turns


@dataclass(frozen=True, slots=True)
class Shaped:
    """The records of one page as a client gets them: one link (or None) for each, and what went wrong with others."""

    records: list[Record]
    data_uris: list[str | None]
    errors: list[Document] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """The compiled rules of an export. Safe to share between runs."""

    transform: Callable[[Record], Record] | None
    keep: Filter | None
    data_uri: Template | None

    async def shape(self, records: list[Record], platform: Mapping[str, Json], *, first: int = 0) -> Shaped:
        """Run the steps; with none to run the list itself is handed on. `first` is the number of the first record."""
        if self.transform is None and self.keep is None and self.data_uri is None:
            return Shaped(records, [None] * len(records))
        shaped, budget = Shaped([], []), current_budget()
        turns = Turns(budget)
        for index, record in enumerate(records, start=first):
            if budget.due:
                await turns.take()
            try:
                with budget:
                    made = record if self.transform is None else self.transform(record)
                    if self.keep is None or self.keep(made, platform):
                        shaped.data_uris.append(self._link(made, platform, index, shaped.errors))
                        shaped.records.append(made)
            except RecordError as error:
                shaped.errors.append(_named(error, index))
        return shaped

    def _link(self, record: Record, platform: Mapping[str, Json], index: int, errors: list[Document]) -> str | None:
        if self.data_uri is None:
            return None
        try:
            return self.data_uri.render(context_of(record, platform))
        except RecordError as error:
            errors.append(_named(error, index))
            return None


def compile_export(model: Document, platform: Mapping[str, Json]) -> ExportPlan:
    """Compile the rules of a validated export; `platform` is what they see beside the record. Raises RuleError."""
    transform, keep = model.get("transform"), model.get("filter")
    return ExportPlan(
        transform=compile_transform(transform, platform) if transform else None,
        keep=compile_filter(keep) if keep else None,
        data_uri=template_or_none(model.get("dataURITemplate")),
    )


def _named(error: RecordError, index: int) -> Document:
    return {**fault_of(error).as_dict(), "index": index}
