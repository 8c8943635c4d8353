"""Twelve rules over 200,000 records of about 500 bytes: both mappers beside missing-safe Python written by hand.

All contestants take turns over the same fresh records in one process, 1,000 at a time; jmespath, glom and
jsonata-python take part where they can be imported, over fewer records.
"""

import importlib
import resource
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median
from typing import Any

import orjson

from bench.mapping_rules import EXPRESSION, JMESPATH, ONE, TWO, glom_spec
from isthmus.records import MappingContext, compile_mapping

RECORDS, CHUNK = 200_000, 1_000
SLOW_CHUNKS = 4
"""How many chunks the peers run: some of them take a hundred times as long."""

Contestant = Callable[[Any], Any]
CLAIMS = {"Mapper 1.0": ">= 0.8", "Mapper 2.0": ">= 0.6"}
PEERS = {"jmespath": 4, "glom": 30, "jsonata-python": 30}


def records(start: int, count: int) -> Iterator[dict[str, Any]]:
    """Make fresh records of about 500 bytes; every tenth lacks an object, every seventh has an empty field."""
    for number in range(start, start + count):
        record: dict[str, Any] = {
            "id": f"00{number}",
            "status": "open",
            "created": f"20{10 + number % 15}-0{1 + number % 9}-{10 + number % 18}T10:2{number % 10}:00Z",
            "customer": {
                "name": f"Customer {number}",
                "email": "" if number % 7 == 0 else f"c{number}@shop.example",
                "address": {"street": "1 Main Street", "city": "Springfield", "country": {"code": "US"}},
            },
            "payment": {"card": {"brand": "visa", "last4": "4242"}, "currency": "USD"},
            "total": f"{number % 1000}.50",
            "lines": [
                {"sku": f"SKU-{number}-{line}", "quantity": line + 1, "price": 9.5, "note": "as ordered"}
                for line in range(3)
            ],
        }
        if number % 10 == 0:
            del record["payment"]
        yield orjson.loads(orjson.dumps(record))


def by_hand(record: Any) -> Any:  # noqa: C901, PLR0912  # straight code is what is fast
    """The same result as one would write it who minds speed and has met records with holes."""
    made: dict[str, Any] = {}
    customer = record.get("customer") or {}
    if (value := customer.get("name")) is not None and value != "":
        made["name"] = value
    if (value := customer.get("email")) is not None and value != "":
        made["email"] = value
    address = customer.get("address") or {}
    if (value := address.get("city")) is not None and value != "":
        made["city"] = value
    if (value := address.get("street")) is not None and value != "":
        made["street"] = value
    country = address.get("country") or {}
    if (value := country.get("code")) is not None and value != "":
        made["country"] = value
    payment = record.get("payment") or {}
    card = payment.get("card") or {}
    if (value := card.get("brand")) is not None and value != "":
        made["brand"] = value
    if (value := payment.get("currency")) is not None and value != "":
        made["currency"] = value
    made["source"] = "shop"
    if (value := record.get("total")) is not None and value != "":
        made["total"] = float(value)
    if (value := record.get("created")) is not None and value != "":
        day = datetime.fromisoformat(value)
        made["date"] = f"{day.month:02d}/{day.day:02d}/{day.year:04d}"
    lines = []
    for row in record.get("lines") or ():
        line = {}
        if (value := row.get("sku")) is not None and value != "":
            line["sku"] = value
        if (value := row.get("quantity")) is not None and value != "":
            line["qty"] = value
        if line:
            lines.append(line)
    if lines:
        made["lines"] = lines
    return made


def ours(document: Any) -> Contestant:
    """Compile one of our mappers."""
    mapping, context = compile_mapping(document), MappingContext()
    return lambda record: mapping.apply(record, context)


def peers() -> Iterator[tuple[str, Contestant]]:
    """Give the peers that are installed."""
    try:
        search = importlib.import_module("jmespath").compile(JMESPATH)
        yield "jmespath", search.search
    except ImportError:
        print("jmespath is not installed (bench/README.md)")
    try:
        glom, spec = importlib.import_module("glom").glom, glom_spec()
        yield "glom", lambda record: glom(record, spec)
    except ImportError:
        print("glom is not installed (bench/README.md)")
    try:
        expression = importlib.import_module("jsonata").Jsonata(EXPRESSION)
        yield "jsonata-python", expression.evaluate
    except ImportError:
        print("jsonata-python is not installed (bench/README.md)")


def _seconds(contestant: Contestant, chunk: list[Any]) -> float:
    before = time.process_time_ns()
    for record in chunk:
        contestant(record)
    return (time.process_time_ns() - before) / 1e9


def _rounds(contestants: dict[str, Contestant], count: int) -> dict[str, list[float]]:
    """Time every contestant on each chunk; who begins changes from chunk to chunk."""
    costs: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(count):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            chunk = list(records(number * CHUNK, CHUNK))
            costs[name].append(_seconds(contestants[name], chunk))
    return costs


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    """Check that all make the same, then measure."""
    contestants: dict[str, Contestant] = {"by hand": by_hand}
    contestants |= {"Mapper 1.0": ours({"mapping": ONE}), "Mapper 2.0": ours({"mappings": TWO})}
    sample = list(records(1, 30))
    for name, contestant in contestants.items():
        assert [contestant(record) for record in sample] == [by_hand(record) for record in sample], name
    _rounds(contestants, 3)
    before = _peak()
    costs = _rounds(contestants, RECORDS // CHUNK)
    grown = _peak() - before
    slow = dict(peers())
    small = _rounds({**contestants, **slow}, SLOW_CHUNKS) if slow else {}
    size = len(orjson.dumps(sample[0]))
    print(f"{RECORDS:,} records of {size} bytes, 12 rules; microseconds of CPU a record (median, fastest)")
    for name, found in costs.items():
        ratio = median(hand / mine for hand, mine in zip(costs["by hand"], found, strict=True))
        claim = f" (claim: {CLAIMS[name]})" if name in CLAIMS else ""
        print(f"{name:<14} {median(found) * 1e3:>7.2f} {min(found) * 1e3:>7.2f}  {ratio:>5.2f} of by hand{claim}")
    for name in slow:
        for mapper in CLAIMS:
            ratio = median(theirs / mine for theirs, mine in zip(small[name], small[mapper], strict=True))
            print(f"{mapper} is {ratio:.1f} times as fast as {name} (claim: >= {PEERS[name]})")
    print(f"peak memory grew by {grown:.1f} MB over {RECORDS:,} records")
