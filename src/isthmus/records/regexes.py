"""Regular expressions of users: RE2 where it can, `regex` with a time limit where it cannot.

RE2 runs in linear time. It refuses look-around and back-references; such a pattern runs on the module `regex`, which
can be stopped. Source: decisions.md "Compiler", hostile-cases 85.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2
import regex

from isthmus.records.errors import RecordError, RuleError

MAX_PATTERN: Final = 10_000
SECONDS: Final = 0.25
_MEMORY: Final = 2 << 20
_PARTS: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?<(?![=!])|\$|[^\\\[($]+|.", re.DOTALL)
"""What a pattern consists of, as far as it has to be translated: escapes and classes stay whole."""


@dataclass(frozen=True, slots=True)
class Match:
    """One match; groups that took no part are ""."""

    start: int
    end: int
    groups: int
    _texts: tuple[str | None, ...]
    _names: dict[str, str | None]

    def __getitem__(self, index: int) -> str:
        return self._texts[index] or ""

    def named(self, name: str) -> str:
        """Give the text of a named group, "" where there is none."""
        return self._names.get(name) or ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `seconds` is its share of time where it runs on `regex`."""

    _compiled: Any
    _linear: bool
    _seconds: float

    def search(self, text: str) -> Match | None:
        """Find the first match. Raises RecordError where time runs out."""
        try:
            found = self._compiled.search(text, **self._timeout())
        except TimeoutError as error:
            raise _too_slow() from error
        except UnicodeEncodeError as error:
            raise _bad_text() from error
        return None if found is None else _match(found)

    def finditer(self, text: str) -> Iterator[Match]:
        """Find every match, in order. Raises RecordError where time runs out."""
        try:
            for found in self._compiled.finditer(text, **self._timeout()):
                yield _match(found)
        except TimeoutError as error:
            raise _too_slow() from error
        except UnicodeEncodeError as error:
            raise _bad_text() from error

    def _timeout(self) -> dict[str, float]:
        return {} if self._linear else {"timeout": max(0.001, self._seconds)}


def _match(found: Any) -> Match:
    texts = (found.group(0), *found.groups())
    return Match(found.start(), found.end(), len(texts) - 1, texts, found.groupdict())


def _too_slow() -> RecordError:
    return RecordError("regex_too_slow", "The regular expression takes too long on this value; write a simpler one.")


def _bad_text() -> RecordError:
    return RecordError("invalid_text", "The text holds half of a surrogate pair, which cannot be searched.")


def compile_pattern(text: str, flags: str = "", *, seconds: float = SECONDS) -> Pattern:
    """Compile a pattern with JavaScript's flags, of which `i`, `m` and `s` count here. Raises RuleError.

    `seconds` bounds one search of a pattern that RE2 cannot run; never more than `SECONDS`.
    """
    if len(text) > MAX_PATTERN:
        raise RuleError(f"The regular expression is longer than {MAX_PATTERN:,} characters.")
    compiled, linear = _compile(text, "".join(sorted(set(flags) & set("ims"))))
    return Pattern(compiled, linear, min(seconds, SECONDS))


@lru_cache(maxsize=128)
def _compile(text: str, flags: str) -> tuple[Any, bool]:
    inline = f"(?{flags})" if flags else ""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(inline + _translated(text, end="$"), options), True
    except re2.error:
        return _fallback(inline + _translated(text, end="$" if "m" in flags else r"\Z")), False
    except UnicodeEncodeError as error:
        raise RuleError("The regular expression holds half of a surrogate pair.") from error


def _translated(text: str, *, end: str) -> str:
    """Write JavaScript's named groups, and its `$` that is the very end, as Python does."""

    def part(match: re.Match[str]) -> str:
        return {"(?<": "(?P<", "$": end}.get(match[0], match[0])

    return _PARTS.sub(part, text)


def _fallback(text: str) -> Any:
    try:
        return regex.compile(text, regex.VERSION0)
    except (regex.error, RecursionError, OverflowError, ValueError, MemoryError) as error:
        raise RuleError("The regular expression is not valid.") from error
