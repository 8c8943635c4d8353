"""Regular expressions, on RE2 or within a time limit. Source: handlebars.md section 4, hostile-cases 85."""

import re
from typing import Any, Final

from isthmus.records.errors import RecordError, RuleError
from isthmus.records.paths.read import MISSING
from isthmus.records.regexes import Match, Pattern, compile_pattern
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import as_number, to_text

_FLAGS: Final = re.compile(r"[dgimsuvy]{1,7}\Z")
_GROUP: Final = re.compile(r"\$(?:(\$)|(&)|(\d\d?)|<([A-Za-z_]\w*)>)", re.ASCII)


def _pattern(run: Run, text: Any, flags: Any) -> Pattern:
    try:
        return compile_pattern(to_text(text), to_text(flags), seconds=run.seconds_left())
    except RuleError as error:
        raise RecordError("helper_failed", error.problems[0].message) from error


@inline(
    "regexMatch text pattern [index] [flags]",
    Example(r'{{regexMatch "abc-123" "\d+"}}', "123"),
    Example('{{regexMatch "abc" "x"}}', ""),
    Example('{{regexMatch "id=42" "(?<=id=)\\d+"}}', "42"),
    Example('{{regexMatch "a1b2" "[0-9]" 1 "g"}}', "2"),
    Example('{{regexMatch "id=42" "id=(\\d+)" 1}}', "42"),
    wants_run=True,
)
def regex_match(run: Run, _: Any, text: Any, pattern: Any, index: Any = 0, flags: Any = "") -> Any:
    """Give a match: with "g" the match of that index, else the group of that index; "" where there is none.

    Flags may stand in the place of the index.
    """
    if isinstance(index, str) and _FLAGS.match(index):
        index, flags = 0, index
    compiled = _pattern(run, pattern, flags)
    at = as_number(index)
    at = int(at) if at >= 0 else 0
    if "g" in to_text(flags):
        found = [match[0] for match in compiled.finditer(to_text(text))]
        return found[at] if at < len(found) else MISSING
    match = compiled.search(to_text(text))
    return MISSING if match is None or at > match.groups else match[at]


@inline(
    "regexReplace text replacement pattern [flags]",
    Example('{{regexReplace "a1b2" "x" "[0-9]"}}', "axb2"),
    Example('{{regexReplace "a1b2" "x" "[0-9]" "g"}}', "axbx"),
    Example('{{regexReplace "John Smith" "$2 $1" "(\\w+) (\\w+)"}}', "Smith John"),
    wants_run=True,
)
def regex_replace(run: Run, _: Any, text: Any, replacement: Any, pattern: Any, flags: Any = "") -> str:
    """Replace the first match, every match with "g"; $1, $& and $<name> stand for what was found.

    The replacement comes before the pattern.
    """
    compiled, found, put = _pattern(run, pattern, flags), to_text(text), to_text(replacement)
    parts: list[str] = []
    at = size = 0
    for match in compiled.finditer(found):
        piece = _expand(put, match) if "$" in put else put
        parts += (found[at : match.start], piece)
        size += len(piece)
        run.check(size)
        at = match.end
        if "g" not in to_text(flags):
            break
    return "".join([*parts, found[at:]])


def _expand(replacement: str, match: Match) -> str:
    def part(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        if found[2]:
            return match[0]
        if found[4]:
            return match.named(found[4])
        digits = found[3]
        if 1 <= int(digits) <= match.groups:
            return match[int(digits)]
        if len(digits) > 1 and 1 <= int(digits[0]) <= match.groups:
            return match[int(digits[0])] + digits[1]
        return found[0]

    return _GROUP.sub(part, replacement)


@inline(
    "regexSearch text pattern [flags]",
    Example(r'{{regexSearch "$1499.95" "\."}}', "5"),
    Example('{{regexSearch "abc" "x"}}', "-1"),
    wants_run=True,
)
def regex_search(run: Run, _: Any, text: Any, pattern: Any, flags: Any = "") -> int:
    """Tell where the first match begins, -1 where there is none."""
    match = _pattern(run, pattern, flags).search(to_text(text))
    return -1 if match is None else match.start
