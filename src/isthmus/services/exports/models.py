"""Export models as they are run: validated and digested once, although a client sends the model with every page."""

from dataclasses import dataclass, replace
from typing import Final

import orjson

from isthmus.model.json import Document
from isthmus.sdk.documents import validate_export
from isthmus.services.canonical import digest, ordered_digest
from isthmus.services.virtual_models import ModelCache, refuse_unrunnable_export, with_id

_TIMES: Final = b"ExportDateTime"


@dataclass(frozen=True, slots=True)
class ExportModel:
    """A validated export. Shared between runs: never changed.

    `rules` is its digest with the keys as they stand, `binding` what page states are bound to: its digest without the
    size of pages. `times` tells that it can see when a run began.
    """

    document: Document
    rules: str
    binding: str
    times: bool

    @property
    def page_size(self) -> int | None:
        """How many records a page is to have."""
        size: int | None = self.document.get("pageSize")
        return size

    def with_page_size(self, size: int | None) -> "ExportModel":
        """Give the model with another size of pages, or with none."""
        if self.page_size == size:
            return self
        document = {key: value for key, value in {**self.document, "pageSize": size}.items() if value is not None}
        return replace(self, document=document, rules=ordered_digest(document))


class ExportModels:
    """The models that were validated last."""

    def __init__(self) -> None:
        self._kept: ModelCache[ExportModel] = ModelCache()

    def of(self, sent: Document, connection_type: str) -> ExportModel:
        """Validate a model for a type of connection. Raises InvalidDocument, Unsupported."""
        return self._kept.get(sent, connection_type, lambda: _made(sent, connection_type))


def _made(sent: Document, connection_type: str) -> ExportModel:
    model = validate_export(sent, connection_type=connection_type, virtual=True)
    refuse_unrunnable_export({**sent, **model})
    document = with_id(model, sent)
    times = document.get("type") == "delta" or _TIMES in orjson.dumps(document)
    return ExportModel(document, ordered_digest(document), digest({**document, "pageSize": None}), times)
