"""The page of the reference: its own examples, and that every helper and date format is on it."""

from typing import Any

import pytest

from docs.handlebars_page import LANGUAGE, TOKENS, handlebars_page
from isthmus.records import compile_template
from isthmus.records.template.helpers import BLOCKS, INLINE, THEMES, Example


@pytest.mark.parametrize(("what", "example"), LANGUAGE, ids=lambda value: value if isinstance(value, str) else "")
def test_example_of_the_language(what: str, example: Example) -> None:
    assert compile_template(example.template).render(example.context) == example.output


def test_every_helper_has_its_place() -> None:
    page = handlebars_page()
    helpers: list[Any] = [*INLINE.values(), *BLOCKS.values()]
    missing = [h.name for h in helpers if f"### {'#' if BLOCKS.get(h.name) is h else ''}{h.name}\n" not in page]
    assert missing == []
    assert {helper.theme for helper in helpers} == {theme.__name__.rpartition(".")[2] for theme in THEMES}


@pytest.mark.parametrize("token", TOKENS)
def test_every_date_format_is_on_it(token: str) -> None:
    assert f"\n| `{token}` | " in handlebars_page()
