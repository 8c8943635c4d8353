"""A response read as data: decoded once, when somebody asks, by the configured media type or its Content-Type."""

from dataclasses import dataclass
from typing import Final, Literal, cast

from isthmus.model.errors import InvalidDocument, Rejected, invalid
from isthmus.model.json import Json
from isthmus.records.codecs import CodecError, check_depth, decode, xpath
from isthmus.records.paths import MISSING, compile_path
from isthmus.transport.http.message import Headers, Response

Media = Literal["json", "xml", "csv", "plaintext", "urlencoded"]
MEDIA: Final = ("json", "xml", "csv", "plaintext", "urlencoded")


@dataclass(frozen=True, slots=True)
class Expected:
    """The media types that a document configures for 2xx answers and for the others; None reads the Content-Type."""

    success: str | None = None
    error: str | None = None

    def over(self, base: "Expected") -> "Expected":
        """What an export says stands over what its connection says."""
        return Expected(self.success or base.success, self.error or base.error)


class Answer:
    """One response and what it says. Nothing is decoded until it is needed.

    What `value` and `at` give can be written again. `content` and `all_at` may nest deeper (1,024 levels): they are for
    records and templates, which refuse by themselves what is too deep, and spare a walk through every page.
    """

    __slots__ = ("_shallow", "_value", "media", "response")

    def __init__(self, response: Response, expected: Expected | None = None) -> None:
        self.response = response
        self.media = _media(response, expected or Expected())
        self._value: Json | CodecError = MISSING
        self._shallow = False

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Headers:
        """The header fields."""
        return self.response.headers

    @property
    def empty(self) -> bool:
        """Whether there is no body at all."""
        return not self.response.body.strip()

    def value(self) -> Json:
        """Decode the body, None when it is empty. Raises Rejected for a body that is not of its media type."""
        found = self.content()
        if not self._shallow and self.media == "json":
            try:
                check_depth(found)
            except CodecError as error:
                raise self._unreadable(error) from error
        self._shallow = True
        return found

    def content(self) -> Json:
        """As `value`, of any depth."""
        found = self._decoded()
        if isinstance(found, CodecError):
            raise self._unreadable(found)
        return found

    def _unreadable(self, why: CodecError) -> Rejected:
        message = f"The target answered {self.status} with a body that cannot be read as {self.media}: {why.message}"
        return Rejected("invalid_response", message, status=self.status)

    def at(self, path: str) -> Json:
        """Read by JSON path, or by XPath where the body is XML; MISSING where there is nothing, or no readable body."""
        found = self.all_at(path)
        if self.media == "xml":
            return found[0] if found is not MISSING and found else MISSING
        if isinstance(found, dict | list) and not _is_shallow(found):
            return MISSING
        return found

    def all_at(self, path: str) -> Json:
        """As `at`, of any depth, and every node that an XPath finds, as a list."""
        found = self._decoded()
        if isinstance(found, CodecError) or self.empty:
            return MISSING
        return self._nodes(path) if self.media == "xml" else compile_path(path)(found)

    def _nodes(self, path: str) -> list[Json]:
        """Find by XPath. Raises InvalidDocument for a path that is none."""
        try:
            found = xpath(self.response.body, path, self._charset())
        except CodecError as error:
            raise InvalidDocument(invalid("path", f"A path into an XML answer will not do: {error.message}")) from error
        return [int(node) if isinstance(node, float) and node.is_integer() else node for node in found]

    def text(self) -> str:
        """The body as text, for messages."""
        return self.response.body.decode("utf-8", "replace")

    def _decoded(self) -> Json:
        if self._value is MISSING:
            self._value = self._decode()
        return self._value

    def _decode(self) -> Json:
        if self.empty:
            return None
        try:
            return decode(self.media, self.response.body, self._charset(), any_depth=True)
        except CodecError as error:
            return CodecError(error.message, code=error.code)  # without a traceback, which holds all that was read

    def _charset(self) -> str | None:
        for parameter in (self.headers.get("content-type") or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset" and value.strip():
                return value.strip().strip("\"'").lower()
        return None


def _is_shallow(found: Json) -> bool:
    try:
        check_depth(found)
    except CodecError:
        return False
    return True


def _media(response: Response, expected: Expected) -> Media:
    configured = expected.success if response.ok else expected.error
    if configured in MEDIA:
        return cast("Media", configured)
    return _by_type(response.headers.get("content-type") or "") or _sniffed(response.body)


def _by_type(content_type: str) -> Media | None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith(("+json", "/json")):
        return "json"
    if kind.endswith(("+xml", "/xml")) and "html" not in kind:
        return "xml"
    if kind.endswith("/csv"):
        return "csv"
    if kind == "application/x-www-form-urlencoded":
        return "urlencoded"
    return "plaintext" if "html" in kind else None


def _sniffed(body: bytes) -> Media:
    """Guess where the target says nothing, or only `text/plain`: many an API serves JSON so."""
    start = body[:64].lstrip()[:1]
    return "json" if start in (b"{", b"[") else "xml" if start == b"<" else "plaintext"
