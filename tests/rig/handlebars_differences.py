"""Where this dialect differs from Handlebars.js, and why; the test holds that it does there and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

Answer = dict[str, Any]
"""`text`, or `error`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One explained difference with an example; `theirs` is None where Handlebars.js refuses, `ours` where we do.

    `explains` tells it in made-up cases; None for what is never made up.
    """

    why: str
    template: str
    ours: str | None
    theirs: str | None
    data: dict[str, Any] = field(default_factory=dict)
    explains: Callable[[Answer, Answer], bool] | None = None


def _third_brace(ours: Answer, theirs: Answer) -> bool:
    error: str = theirs.get("error", "")
    return "text" in ours and ("got 'CLOSE_UNESCAPED'" in error or "got 'CLOSE_RAW_BLOCK'" in error)


def _refused_early(ours: Answer, theirs: Answer) -> bool:
    error = ours.get("error", "")
    early = ("there is no helper", "there is no block helper", "needs exactly one argument")
    return "text" in theirs and any(words in error for words in early)


def _short_lookup(ours: Answer, theirs: Answer) -> bool:
    return "text" in ours and "reading 'lookupProperty'" in theirs.get("error", "")


def _null_context(ours: Answer, theirs: Answer) -> bool:
    made_up = "[object Object]"
    mine: str
    other: str
    mine, other = ours.get("text", ""), theirs.get("text", "")
    return mine.count(made_up) < other.count(made_up) and mine.replace(made_up, "") == other.replace(made_up, "")


DIFFERENCES: Final = (
    Difference(
        "a third brace after a tag is text: JSON bodies are full of them",
        '{"a":{{b}}}', '{"a":1}', None, {"b": 1}, _third_brace,
    ),
    Difference(
        "what can never work is refused when the document is saved, not when the branch is reached",
        "{{#if a}}{{nope b}}{{/if}}", None, "", {}, _refused_early,
    ),
    Difference(
        "lookup may have one argument: the name of a lookup",
        '{{lookup "x"}}', "", None, {}, _short_lookup,
    ),
    Difference("a name in front of which a helper stands is the field where it is bracketed", "{{[lookup]}}", "f", None,
               {"lookup": "f"}),
    Difference("an empty text is a field without a name, not the whole context", '{{""}}', "", "[object Object]"),
    Difference("digits reach into lists without brackets", "{{a.0}}", "x", None, {"a": ["x"]}),
    Difference("names may stand in quotes within a path", '{{a."b c"}}', "x", None, {"a": {"b c": "x"}}),
    Difference("a tag may be one sub-expression", '{{(lookup a "b")}}', "1", None, {"a": {"b": 1}}),
    Difference("an inline helper is no block", '{{#lookup a "b"}}{{/lookup}}', None, "1", {"a": {"b": 1}}),
    Difference("two raw numbers side by side are printed, not added", "{{{a}}}{{{b}}}", "12", "3", {"a": 1, "b": 2}),
    Difference("null stays null within a block in a list", "{{#each a}}{{#if true}}{{this}}{{/if}}{{/each}}", "",
               "[object Object]", {"a": [None]}, _null_context),
    Difference("integers keep their digits beyond 2**53", "{{a}}", "9007199254740993", "9007199254740992",
               {"a": 9007199254740993}),
    Difference("length counts characters, not UTF-16 units", "{{a.length}}", "1", "2", {"a": "\U0001f600"}),
    Difference("a section gives its block parameter the object", "{{#a as |p|}}{{p.b}}{{/a}}", "1", "",
               {"a": {"b": 1}}),
    Difference("block parameters of a block that has none are fields", "{{#if a as |p|}}{{p}}{{/if}}", "x", None,
               {"a": 1, "p": "x"}),
    Difference("partials are refused when the document is saved", "{{#if a}}{{> p}}{{/if}}", None, ""),
    Difference("inline partials are refused", '{{#*inline "p"}}{{/inline}}', None, ""),
    Difference("a raw block of any name prints its body", "{{{{verbatim}}}}{{a}}{{{{/verbatim}}}}", "{{a}}", ""),
    Difference("a list is never the same context as a text", "{{#with a}}{{#each this}}{{../length}}{{/each}}{{/with}}",
               "1", "", {"a": ["x"]}),
    Difference("the dialect's helpers win over fields of their name", "{{trim}}", "", "f", {"trim": "f"}),
    Difference("the dialect's blocks are no sections", "{{#not a}}x{{/not}}", "x", None),
)  # fmt: skip


def unescaped(answer: Answer) -> Answer:
    """Write what Handlebars.js printed with our escapes of markup: it names quotes otherwise, and escapes ` and =."""
    if "text" not in answer:
        return answer
    text = answer["text"].replace("&#x27;", "&#39;").replace("&#x60;", "`").replace("&#x3D;", "=")
    return {"text": text}
