"""Upper and lower case, word by word. Source: handlebars.md section 4."""

import re
from typing import Any, Final

from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import to_text

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_SNAKE_WORD: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[^\W_A-Za-z0-9]+")
_SENTENCE: Final = re.compile(r"(^\s*|[.?!]\s+)([a-z])")


@inline("capitalize text", Example('{{capitalize "the fox"}}', "The fox"))
def capitalize(text: Any) -> str:
    """Begin with a capital; the rest stays."""
    found = to_text(text)
    return found[:1].upper() + found[1:]


@inline("capitalizeAll text", Example('{{capitalizeAll "the fox"}}', "The Fox"))
def capitalize_all(text: Any) -> str:
    """Begin each word with a capital; the rest stays."""
    return re.sub(r"(^|\s)(\S)", lambda match: match[1] + match[2].upper(), to_text(text))


@inline(
    "camelcase text",
    Example('{{camelcase "hand crafted item"}}', "handCraftedItem"),
    Example('{{camelcase "HELLO&WORLD"}}', "helloWorld"),
    Example('{{camelcase "order_123_id"}}', "order123Id"),
)
def camelcase(text: Any) -> str:
    """Write words as `handCraftedItem`."""
    found = pascalcase(text)
    return found[:1].lower() + found[1:]


@inline("pascalcase text", Example('{{pascalcase "hand crafted item"}}', "HandCraftedItem"))
def pascalcase(text: Any) -> str:
    """Write words as `HandCraftedItem`."""
    return "".join(word[:1].upper() + word[1:].lower() for word in _WORD.findall(to_text(text)))


def _joined(text: Any, glue: str) -> str:
    return glue.join(word.lower() for word in _SNAKE_WORD.findall(to_text(text)))


@inline(
    "snakecase text",
    Example('{{snakecase "a-b-c d_e"}}', "a_b_c_d_e"),
    Example('{{snakecase "getUserProfile"}}', "get_user_profile"),
)
def snakecase(text: Any) -> str:
    """Write words as `a_b_c`."""
    return _joined(text, "_")


@inline("dashcase text", Example('{{dashcase "a-b-c d_e"}}', "a-b-c-d-e"))
def dashcase(text: Any) -> str:
    """Write words as `a-b-c`."""
    return _joined(text, "-")


@inline("dotcase text", Example('{{dotcase "a-b-c d_e"}}', "a.b.c.d.e"))
def dotcase(text: Any) -> str:
    """Write words as `a.b.c`."""
    return _joined(text, ".")


@inline("pathcase text", Example('{{pathcase "a-b-c d_e"}}', "a/b/c/d/e"))
def pathcase(text: Any) -> str:
    """Write words as `a/b/c`."""
    return _joined(text, "/")


@inline("sentence text", Example('{{sentence "hello world. goodbye"}}', "Hello world. Goodbye"))
def sentence(text: Any) -> str:
    """Begin each sentence with a capital and lower the rest."""
    return _SENTENCE.sub(lambda match: match[1] + match[2].upper(), to_text(text).lower())
