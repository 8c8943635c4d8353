"""Whether a response is a success: success and fail paths, authentication failures, rate limits.

Texts are compared (`"true"`, `"null"`). Source: api.md section 3, exports.md section 2, imports.md section 3.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.fields import items, text, whole
from isthmus.adaptors.http.texts import as_text, as_texts
from isthmus.model.json import Document, Json
from isthmus.records.paths import MISSING

Read = Callable[[str], Json]
"""Gives the value at a path, MISSING where there is none."""


def among(value: Json, wanted: tuple[str, ...], *, any_member: bool = False) -> bool:
    """Tell whether a value is one of the wanted texts; with none wanted, being there is enough."""
    if value is MISSING:
        return False
    if isinstance(value, list) and any_member:
        return any(not wanted or as_text(member) in wanted for member in value)
    return not wanted or as_text(value) in wanted


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The success and fail rules of a ping, an export or one position of an import."""

    success_path: str = ""
    success_values: tuple[str, ...] = ()
    any_member: bool = False
    fail_path: str = ""
    fail_values: tuple[str, ...] = ()
    error_path: str = ""

    @classmethod
    def of(cls, rules: Document) -> "Verdicts":
        """Read them from a `ping` or `response` block; a success value that is a lone value counts as a list of one."""
        return cls(
            success_path=text(rules, "successPath"),
            success_values=as_texts(rules.get("successValues")),
            any_member=rules.get("allowArrayforSuccessPath") is True,
            fail_path=text(rules, "failPath"),
            fail_values=as_texts(rules.get("failValues")),
            error_path=text(rules, "errorPath"),
        )

    def objection(self, read: Read) -> str:
        """Say what is wrong with a 2xx answer; "" when nothing is. Never quotes the answer."""
        if self.fail_path and among(read(self.fail_path), self.fail_values, any_member=True):
            return f"The answer has a value at {self.fail_path} that means failure."
        if self.success_path and not among(read(self.success_path), self.success_values, any_member=self.any_member):
            return f"The answer has no value at {self.success_path} that means success."
        return ""

    def error_text(self, read: Read) -> str:
        """Give the target's own message at `errorPath`; "" where there is none."""
        value = read(self.error_path) if self.error_path else MISSING
        return "" if value is MISSING or value is None else as_text(value)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that tells a failure: a status, a value at a path, or both together."""

    status: int | None
    path: str = ""
    values: tuple[str, ...] = ()

    def matches(self, answer: Answer) -> bool:
        """Tell whether an answer shows this sign."""
        if self.status is not None and answer.status != self.status:
            return False
        return not self.path or among(answer.at(self.path), self.values, any_member=True)


def auth_failure_signs(auth: Document) -> tuple[Sign, ...]:
    """Read how a failed login shows: `failStatusCode` (401 unless said otherwise), `failPath`, each of `failures`."""
    return (*_signs(auth, (401, 403)), *_listed(auth))


def rate_limit_signs(limit: Document) -> tuple[Sign, ...]:
    """Read how "too many requests" shows: `failStatusCode` (429 unless said otherwise), `failPath`."""
    return tuple(_signs(limit, (429, 503)))


def _signs(rules: Document, telling: tuple[int, int]) -> Iterator[Sign]:
    """A status that says it all stands alone; any other (200, 400) counts only with the path, where there is one."""
    status = whole(rules, "failStatusCode")
    path, values = text(rules, "failPath"), as_texts(rules.get("failValues"))
    if path and status is not None and status not in telling:
        yield Sign(status, path, values)
        return
    yield Sign(telling[0] if status is None else status)
    if path:
        yield Sign(None, path, values)


def _listed(auth: Document) -> Iterator[Sign]:
    for failure in items(auth, "failures"):
        if isinstance(failure, dict) and (failure.get("statusCode") is not None or failure.get("path")):
            yield Sign(whole(failure, "statusCode"), text(failure, "path"), as_texts(failure.get("values")))


def shown(signs: tuple[Sign, ...], answer: Answer) -> bool:
    """Tell whether an answer shows any of the signs."""
    return any(sign.matches(answer) for sign in signs)
