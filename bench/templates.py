"""A template of about 300 bytes beside Handlebars.js in a node process, by turns; pybars3 where it can be imported."""

import importlib
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from isthmus.records import Destination, compile_template
from tests.rig.handlebars_js import Peer, Unavailable, handlebars_js

TEMPLATE = """Dear {{record.customer.firstName}} {{record.customer.lastName}},
your order {{record.id}} of {{record.date}} holds:
{{#each record.items}}
- {{this.qty}} x {{this.sku}} ({{this.name}}) at {{this.price}}
{{/each}}
{{#if record.note}}Note: {{record.note}}{{else}}No note.{{/if}}
Total: {{record.total}} {{record.currency}}
"""
DATA = {
    "record": {
        "id": 12345,
        "date": "2025-03-26",
        "customer": {"firstName": "Ada", "lastName": "Lovelace"},
        "note": "Leave at the door",
        "total": 99.5,
        "currency": "EUR",
        "items": [
            {"qty": 1, "sku": "S-1", "name": "Chair", "price": 49.5},
            {"qty": 2, "sku": "S-2", "name": "Table & chairs", "price": 20},
            {"qty": 3, "sku": "S-3", "name": "Lamp", "price": 10},
        ],
    }
}
ROUNDS, TIMES = 60, 2_000
WAYS: tuple[tuple[str, Destination, dict[str, bool]], ...] = (
    ("plain", Destination.PLAIN, {"noEscape": True}),
    ("escaped markup", Destination.XML, {}),
)


def _timed(render: Callable[[Any], object]) -> float:
    start = time.perf_counter_ns()
    for _ in range(TIMES):
        render(DATA)
    return (time.perf_counter_ns() - start) / TIMES


def _beside_node(peer: Peer, name: str, destination: Destination, options: dict[str, bool]) -> None:
    template = compile_template(TEMPLATE, destination)
    _timed(template.render)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_timed(template.render))
        theirs.append(peer.ask([[TEMPLATE, DATA, options, TIMES]])[0]["nanoseconds"])
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    low, _, high = quantiles(ratios, n=4)
    print(f"{name}: {median(ours) / 1_000:.2f} us, Handlebars.js {median(theirs) / 1_000:.2f} us a render")
    print(f"  time: {median(ratios):.2f} of node's ({low:.2f} to {high:.2f}; best {min(ours) / min(theirs):.2f}), <= 2")


def _beside_pybars() -> None:
    try:
        compiler = importlib.import_module("pybars").Compiler()
    except ImportError:
        print("pybars3 is not installed: left out")
        return
    template, theirs = compile_template(TEMPLATE, Destination.XML), compiler.compile(TEMPLATE)
    ratios = [_timed(theirs) / _timed(template.render) for _ in range(10)]
    print(f"escaped markup: {median(ratios):.1f} times the rate of pybars3, >= 6")


def main() -> None:
    """Run every contestant and print the ratios."""
    print(f"a template of {len(TEMPLATE)} bytes, {ROUNDS} rounds of {TIMES:,}")
    try:
        with handlebars_js() as peer:
            for name, destination, options in WAYS:
                _beside_node(peer, name, destination, options)
    except Unavailable as error:
        print(f"Handlebars.js is left out: {error}")
    _beside_pybars()
