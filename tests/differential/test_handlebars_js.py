"""This engine beside Handlebars.js 4.7, on templates and data made up from seeds; every difference is explained."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from isthmus.records import Destination, RecordError, RuleError, compile_template
from tests.rig.handlebars_cases import Case, Maker
from tests.rig.handlebars_differences import DIFFERENCES, Difference, unescaped
from tests.rig.handlebars_js import Peer, Unavailable, handlebars_js

_ROUND = 500
_ROUNDS = range(44 if os.environ.get("ISTHMUS_SOAK") else 3)
_EXPLAINED = 0.02
"""The share of made-up cases that an explanation may cover; more would hide what it does not mean."""


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    running = handlebars_js()
    try:
        found = running.__enter__()
    except Unavailable as error:
        pytest.skip(f"Handlebars.js is not to be had here: {error}")
    yield found
    running.__exit__(None, None, None)


def _ours(template: str, data: dict[str, Any]) -> dict[str, str]:
    try:
        return {"text": compile_template(template, Destination.XML).render(data)}
    except RuleError as error:
        return {"error": error.problems[0].message}
    except RecordError as error:
        return {"error": error.message}


def _theirs(peer: Peer, cases: list[Case]) -> list[dict[str, Any]]:
    return [unescaped(answer) for answer in peer.ask([[case.template, case.data, {}] for case in cases])]


@pytest.mark.parametrize("seed", _ROUNDS)
def test_the_same_as_handlebars_js(seed: int, peer: Peer, record_property: Callable[[str, object], None]) -> None:
    maker = Maker(seed)
    cases = [maker.case() for _ in range(_ROUND)]
    unexplained, explained = [], 0
    for case, theirs in zip(cases, _theirs(peer, cases), strict=True):
        ours = _ours(case.template, case.data)
        if ours.get("text") == theirs.get("text"):
            continue
        if any(known.explains is not None and known.explains(ours, theirs) for known in DIFFERENCES):
            explained += 1
        else:
            unexplained.append((case, ours, theirs))
    record_property("figures", f"{_ROUND} cases, {explained} explained differences, {len(unexplained)} others")
    assert unexplained == []
    assert explained <= _EXPLAINED * _ROUND


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.why)
def test_explained_differences_are_as_explained(known: Difference, peer: Peer) -> None:
    ours = _ours(known.template, known.data)
    theirs = _theirs(peer, [Case(known.template, known.data)])[0]
    assert (ours.get("text"), theirs.get("text")) == (known.ours, known.theirs)
    if known.explains is not None:
        assert known.explains(ours, theirs)
