"""What became of a record, read from the answer to its request. Source: imports.md sections 2 and 3."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.channel import Channel
from isthmus.adaptors.http.import_plan import Position
from isthmus.adaptors.http.texts import as_text
from isthmus.model.errors import Rejected
from isthmus.model.json import Json
from isthmus.records.paths import MISSING, compile_path
from isthmus.sdk import Fault, WriteResult

NO_CONTENT: Final = 204
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class ResultReader:
    """Reads answers by the rules of one position."""

    channel: Channel
    position: Position

    def refuse_if_bad(self, answer: Answer) -> None:
        """Raise Rejected unless the whole answer is a success."""
        verdicts = self.position.verdicts
        objection = verdicts.objection(answer.at) if answer.response.ok else "refused"
        if objection:
            said = verdicts.error_text(answer.at) or ("" if not answer.response.ok else objection)
            raise self.channel.rejected(answer, said)

    def one(self, answer: Answer) -> WriteResult:
        """Read the answer for a lone record. Raises Rejected."""
        self.refuse_if_bad(answer)
        if answer.status == NO_CONTENT or answer.empty or answer.media == "plaintext":
            return WriteResult()
        whole = answer.value()
        resource = answer.at(self.position.resource_path) if self.position.resource_path else whole
        if isinstance(resource, list) and len(resource) == 1:
            resource = resource[0]
        return WriteResult(id=self.id_of(resource) or self.id_of(whole), json=whole)

    def member(self, answer: Answer, value: Json) -> WriteResult:
        """Read one record's part of the answer to a batch; rules that the part has values for are applied to it."""
        read = _reader(value)
        verdicts = self.position.verdicts
        objection = verdicts.objection(read)
        if objection:
            said = verdicts.error_text(read)
            fault = Fault(str(answer.status), self.channel.complaint(answer, said or objection))
            return WriteResult(UNPROCESSABLE, json=value, errors=(fault,))
        return WriteResult(id=self.id_of(value), json=value)

    def speaks_for_all(self, answer: Answer) -> bool:
        """Whether a success or fail rule of the position finds its value in the answer as a whole."""
        verdicts = self.position.verdicts
        paths = [path for path in (verdicts.success_path, verdicts.fail_path) if path]
        return not paths or any(answer.at(path) is not MISSING for path in paths)

    def members(self, answer: Answer) -> Json:
        """Find the list of results in the answer to a batch. Raises Rejected for a body that cannot be read."""
        if answer.empty:
            return None
        path = self.position.resource_path
        return answer.at(path) if path else answer.value()

    def silent(self, answer: Answer, members: Json) -> bool:
        """Whether a good answer says nothing of single records: it is empty, or no list where none is configured."""
        return answer.empty or (not self.position.resource_path and not isinstance(members, list))

    def id_of(self, value: Json) -> str | None:
        """The id of a record: at `resourceIdPath`, else `id`, else `_id`; always a text."""
        paths = (self.position.id_path,) if self.position.id_path else ("id", "_id")
        for path in paths:
            found = _reader(value)(path)
            if found is not MISSING and found is not None and found != "" and not isinstance(found, dict | list):
                return as_text(found)
        return None


def _reader(value: Json) -> Callable[[str], Json]:
    return lambda path: compile_path(path)(value)


def unknown(answer: Answer, why: str) -> Rejected:
    """The error of every record of a batch whose answer cannot be matched with its records."""
    message = (
        f"The answer {why}, so that nobody can tell which records were written. Look at the target before retrying."
    )
    return Rejected("unknown", message, status=answer.status)
