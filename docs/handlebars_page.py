"""The reference of templates, made from the registry of helpers: their docstrings and their examples."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from types import ModuleType

from isthmus.records.dates import compile_writer
from isthmus.records.template.helpers import BLOCKS, INLINE, THEMES, Example, Helper

HEAD = """# Handlebars

Templates stand in URIs, headers, bodies, SQL, file names and extracts. This page is generated from the registry of
helpers in `src/isthmus/records/template/helpers`; do not edit. Every example on it is run by a test.

## The language

`{{x}}` prints a value in the way that its destination needs, `{{{x}}}` as it is. A missing value and null print
nothing; lists print joined by commas, objects as `[object Object]`.

| destination | `{{x}}` |
|---|---|
| URI | percent-encoded |
| form | percent-encoded, spaces as `+` |
| JSON | escaped for the inside of a JSON string |
| XML | `& < > " '` as entities |
| SQL | in single quotes, quotes within doubled |
| header | as it is; line breaks become a space, whichever way they come |
| anything else | as it is |

What a helper encoded already (`encodeURI`, `jsonEncode`, `jsonSerialize`, `htmlEncode`) is not encoded again.
A render that takes too many steps, prints too much or takes too long fails its record alone.

"""
LANGUAGE = (
    ("a name", Example("{{record.name}}", "Ada", {"record": {"name": "Ada"}})),
    ("a name with special characters", Example("{{record.[First Name]}}", "Ada", {"record": {"First Name": "Ada"}})),
    ("an item of a list", Example("{{items.[0].sku}} {{items.1.sku}}", "A B", {"items": [{"sku": "A"}, {"sku": "B"}]})),
    ("what is missing", Example("[{{a}}{{b.c}}]", "[]", {"a": None})),
    ("length", Example("{{a.length}}", "2", {"a": ["x", "y"]})),
    ("a sub-expression", Example("{{uppercase (trim a)}}", "ADA", {"a": " Ada "})),
    ("a named option", Example('{{sort a number="true"}}', "2,10", {"a": ["10", "2"]})),
    ("a field named as a helper", Example("{{this.trim}}{{[trim]}}", "xx", {"trim": "x"})),
    ("the context outside", Example("{{#each a}}{{this}}{{../b}} {{/each}}", "1x 2x ", {"a": [1, 2], "b": "x"})),
    ("where in a list", Example("{{#each a}}{{@index}}{{#if @last}}.{{/if}}{{/each}}", "01.", {"a": ["x", "y"]})),
    ("block parameters", Example("{{#each a as |v k|}}{{k}}={{v}} {{/each}}", "x=1 ", {"a": {"x": 1}})),
    ("else, and chains of it", Example("{{#if a}}A{{else if b}}B{{else}}C{{/if}}", "B", {"b": True})),
    ("the whole context", Example("{{#with a}}{{b}}{{@root.c}}{{/with}}", "12", {"a": {"b": 1}, "c": 2})),
    ("space control", Example("a {{~b~}} c", "abc", {"b": "b"})),
    ("comments", Example("a{{! short }}{{!-- with }} in it --}}b", "ab")),
    ("braces as text", Example(r"\{{a}}", "{{a}}")),
    ("a raw block", Example("{{{{raw}}}}{{a}}{{{{/raw}}}}", "{{a}}")),
    ("a third brace", Example('{"a":{{a}}}', '{"a":1}', {"a": 1})),
)
TOKENS = (
    "M", "Mo", "MM", "MMM", "MMMM", "Q", "Qo", "D", "Do", "DD", "DDD", "DDDo", "DDDD", "d", "do", "dd", "ddd",
    "dddd", "e", "E", "w", "wo", "ww", "W", "Wo", "WW", "YY", "YYYY", "gg", "gggg", "GG", "GGGG", "A", "a", "H",
    "HH", "h", "hh", "m", "mm", "s", "ss", "S", "SS", "SSS", "Z", "ZZ", "X", "x", "LT", "LTS", "L", "l", "LL", "ll",
    "LLL", "lll", "LLLL", "llll", "[literal]",
)  # fmt: skip
INSTANT = datetime(2025, 3, 6, 15, 4, 5, 678_000, timezone(timedelta(hours=5, minutes=30)))


def handlebars_page() -> str:
    """Write the page."""
    language = "".join(_row(what, example) for what, example in LANGUAGE)
    parts = [HEAD, "| what | template | context | prints |\n|---|---|---|---|\n", language]
    parts += ["\n## Blocks\n", *map(_helper, BLOCKS.values())]
    parts += [_theme(theme) for theme in THEMES]
    parts += ["\n## Date formats\n\nOf moment.js; here each for Thursday, 6 March 2025, 15:04:05.678 at +05:30.\n\n"]
    parts += ["| format | prints |\n|---|---|\n"]
    parts += [f"| `{token}` | {compile_writer(token)(INSTANT)} |\n" for token in TOKENS]
    return "".join(parts)


def _theme(theme: ModuleType) -> str:
    name = theme.__name__.rpartition(".")[2]
    helpers = [helper for helper in INLINE.values() if helper.theme == name]
    title = (theme.__doc__ or "").split(". ")[0].split(",")[0].rstrip(".")
    return f"\n## {title}\n" + "".join(map(_helper, helpers)) if helpers else ""


def _helper(helper: Helper) -> str:
    mark = "#" if helper.name in BLOCKS and BLOCKS[helper.name] is helper else ""
    text = f"\n### {mark}{helper.name}\n\n`{mark}{helper.signature}`\n\n{helper.summary} {helper.notes}".rstrip() + "\n"
    return text + _table(helper.examples)


def _table(examples: Iterable[Example]) -> str:
    rows = "".join(_row(None, example) for example in examples)
    return f"\n| template | context | prints |\n|---|---|---|\n{rows}" if rows else ""


def _row(what: str | None, example: Example) -> str:
    context = json.dumps(example.context, ensure_ascii=False) if example.context else ""
    cells = [_code(example.template), _code(context), _code(example.output)]
    return f"| {' | '.join(cells if what is None else [what, *cells])} |\n"


def _code(text: str) -> str:
    """Write a cell; a bar or a line break would end it."""
    shown = text.replace("|", "\\|").replace("\n", "\\n")
    return f"`{shown}`" if shown else ""
