"""Every row and example of the reference on mappings, as rules that run: what the page shows and what tests hold to."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any, Final

from isthmus.model.json import Document, Json
from isthmus.records import (
    LookupFailed,
    MappingContext,
    RecordError,
    compile_filter,
    compile_mapping,
    compile_transform,
)


@dataclass(frozen=True, slots=True)
class Fails:
    """The record fails: `errors[].code` and `errors[].source`."""

    code: str
    source: str


@dataclass(frozen=True, slots=True)
class Example:
    """Rules (parts of an import) and a record, and what is made of it.

    `chosen` says what isthmus does where the reference is uncertain.
    """

    row: str
    rules: Document
    record: Json
    makes: Any
    context: MappingContext = field(default_factory=MappingContext)
    chosen: str = ""


def run(example: Example) -> Json | Fails:
    """Run the rules over the record: transform, filter (true or false) or mapping, whichever the rules are."""
    try:
        if "transform" in example.rules:
            return compile_transform(example.rules["transform"])(example.record)
        if "filter" in example.rules:
            keep = compile_filter(example.rules["filter"], "input_filter")
            return keep(example.record, example.context.variables)
        return compile_mapping(example.rules).apply(example.record, example.context)
    except RecordError as error:
        return Fails(error.code, error.source)


UPDATE: Final = MappingContext(operation="update")


def one(row: str, rule: Document | list[Document], record: Json, makes: Any, **more: Any) -> Example:
    """Make an example of fields of Mapper 1.0."""
    fields = rule if isinstance(rule, list) else [{"generate": "out", **rule}]
    rules = {"mapping": {"fields": fields}, **more.pop("rules", {})}
    return Example(row, rules, record, makes, **more)


def rows(row: str, lists: list[Document], record: Json, makes: Any, **more: Any) -> Example:
    """Make an example of lists of Mapper 1.0."""
    return Example(row, {"mapping": {"lists": lists}}, record, makes, **more)


def entry(kind: str, **rule: Any) -> Document:
    """Make an entry of Mapper 2.0."""
    return {"generate": "out", "dataType": kind, "status": "Active", **rule}


def two(row: str, rule: Document, record: Json, makes: Any, **more: Any) -> Example:
    """Make an example of one entry of Mapper 2.0."""
    return Example(row, {"mappings": [rule], **more.pop("rules", {})}, record, makes, **more)


def sieve(row: str, rules: Json, record: Json, kept: Any, **more: Any) -> Example:
    """Make an example of a filter."""
    expression = {"version": "1", "rules": rules}
    return Example(row, {"filter": {"type": "expression", "expression": expression}}, record, kept, **more)


def changed(row: str, expression: Document, record: Json, makes: Any, **more: Any) -> Example:
    """Make an example of a transform."""
    return Example(row, {"transform": {"type": "expression", "expression": expression}}, record, makes, **more)


def when(name: str, **more: Any) -> Document:
    """Make a condition."""
    return {"conditional": {"when": name, **more}}


ROWS: Final = [{"id": 1, "s": "A"}, {"id": 1, "s": "B"}]
SEED: Final = [{"extract": "timestamp", "generate": "timestamp"}, {"generate": "key", "hardCodedValue": "sqs_flow"}]
TABLE: Final[Document] = {"lookups": [{"name": "t", "map": {"de": "49", "DE": "0"}}]}
LIVE: Final[Document] = {"lookups": [{"name": "live", "relativeURI": "/x", "method": "GET"}]}
DATES: Final = {"extractDateFormat": "MM/DD/YYYY", "generateDateFormat": "YYYY-MM-DD"}

WHICH: Final = (
    Example("no mapping", {}, {"a": 1}, {"a": 1}, chosen="The record passes through unchanged."),
    Example(
        "both mappings",
        {"mapping": {"fields": [{"extract": "a", "generate": "one"}]}, "mappings": [entry("number", extract="$.a")]},
        {"a": 1},
        {"out": 1},
        chosen="Mapper 2.0 is used where it has entries.",
    ),
)

FIELDS: Final = (
    one("the example of the API page", SEED, {"timestamp": 1}, {"timestamp": 1, "key": "sqs_flow"}),
    one("hardCodedValue", {"hardCodedValue": "x"}, {}, {"out": "x"}),
    one('hardCodedValue ""', {"hardCodedValue": ""}, {}, {"out": ""}),
    one(
        "extract: a multi-field template",
        {"extract": "{{first}} {{last}}"},
        {"first": "A", "last": "B"},
        {"out": "A B"},
    ),
    one("extract: dots", {"extract": "a.b"}, {"a": {"b": 1}}, {"out": 1}),
    one("extract: a[0].b", {"extract": "a[0].b"}, {"a": [{"b": 1}]}, {"out": 1}),
    one("extract: [Field With Spaces]", {"extract": "[Field With Spaces]"}, {"Field With Spaces": 1}, {"out": 1}),
    one("extract: *.x over rows", {"extract": "*.s"}, ROWS, {"out": ["A", "B"]}),
    one("extract: a plain path over rows reads the first", {"extract": "s"}, ROWS, {"out": "A"}),
    one(
        "extract: a literal key before a path",
        {"extract": "a.b"},
        {"a.b": 1, "a": {"b": 2}},
        {"out": 1},
        chosen="The whole text of the path is tried as a key first.",
    ),
    one("lookupName", {"extract": "c", "lookupName": "t"}, {"c": "de"}, {"out": "49"}, rules=TABLE),
    one('default ""', {"extract": "zz", "default": ""}, {}, {"out": ""}),
    one("default null", {"extract": "zz", "default": None}, {}, {"out": None}),
    one("default", {"extract": "a", "default": "d"}, {"a": ""}, {"out": "d"}),
    one("empty without default", {"extract": "a"}, {"a": None}, {}, chosen="The field is left out."),
    one("discardIfEmpty", {"extract": "a", "default": "d", "discardIfEmpty": True}, {"a": ""}, {}),
    one(
        "immutable", {"extract": "a", "immutable": True}, {"a": 1}, {}, context=UPDATE, chosen="Not written on update."
    ),
    one("date formats", {"extract": "d", **DATES}, {"d": "03/26/2025"}, {"out": "2025-03-26"}),
    one(
        "date time zones",
        {
            "extract": "d",
            "extractDateFormat": "YYYY-MM-DD HH:mm",
            "extractDateTimezone": "US/Eastern",
            "generateDateFormat": "YYYY-MM-DD HH:mm",
            "generateDateTimezone": "Asia/Kolkata",
        },
        {"d": "2025-01-15 10:00"},
        {"out": "2025-01-15 20:30"},
    ),
    one(
        "a date that is none",
        {"extract": "d", **DATES},
        {"d": "soon"},
        Fails("invalid_date", "mapping"),
        chosen="The record fails.",
    ),
    one("dataType string", {"extract": "a", "dataType": "string"}, {"a": 5}, {"out": "5"}),
    one("dataType number", {"extract": "a", "dataType": "number"}, {"a": "5.5"}, {"out": 5.5}),
    one("dataType boolean", {"extract": "a", "dataType": "boolean"}, {"a": "T"}, {"out": True}),
    one(
        "dataType date", {"extract": "a", "dataType": "date"}, {"a": "03/26/2025"}, {"out": "2025-03-26T00:00:00.000Z"}
    ),
    one("dataType numberarray", {"extract": "a", "dataType": "numberarray"}, {"a": ["1", 2]}, {"out": [1, 2]}),
    one("dataType stringarray", {"extract": "a", "dataType": "stringarray"}, {"a": 1}, {"out": ["1"]}),
    one("generate: dots make objects", [{"extract": "a", "generate": "x.y"}], {"a": 1}, {"x": {"y": 1}}),
    one(
        "generate: items[*].sku",
        [{"extract": "l[*].s", "generate": "items[*].sku"}],
        {"l": [{"s": "A"}, {"s": "B"}]},
        {"items": [{"sku": "A"}, {"sku": "B"}]},
        chosen="The values are spread over the items, one each.",
    ),
    one("isKey", {"extract": "a", "isKey": True}, {"a": 1}, {"out": 1}),
    one("record_created", {"extract": "a", **when("record_created")}, {"a": 1}, {"out": 1}),
    one("record_updated", {"extract": "a", **when("record_updated")}, {"a": 1}, {}),
    one("extract_not_empty", {"extract": "a", "default": 1, **when("extract_not_empty")}, {"a": ""}, {}),
    one("lookup_not_empty", {"extract": "c", **when("lookup_not_empty", lookupName="t")}, {"c": "fr"}, {}, rules=TABLE),
    one(
        "lookup_empty",
        {"extract": "c", **when("lookup_empty", lookupName="t")},
        {"c": "fr"},
        {"out": "fr"},
        rules=TABLE,
    ),
    one(
        "ignore_if_set",
        [{"extract": "a", "generate": "x"}, {"extract": "b", "generate": "x", **when("ignore_if_set")}],
        {"a": 1, "b": 2},
        {"x": 1},
        chosen="What an earlier rule wrote stays; the target's own record is not read.",
    ),
)

LISTS: Final = (
    rows(
        "lists with jsonPath",
        [
            {
                "generate": "l",
                "jsonPath": "items",
                "fields": [{"extract": "s", "generate": "sku"}, {"extract": "cust", "generate": "who"}],
            }
        ],
        {"cust": "J", "items": [{"s": "A"}, {"s": "B"}]},
        {"l": [{"sku": "A", "who": "J"}, {"sku": "B", "who": "J"}]},
        chosen="A name that the row lacks is read from the record.",
    ),
    rows(
        "lists over the rows of a grouped record",
        [{"generate": "l", "fields": [{"extract": "*.s", "generate": "sku"}]}],
        ROWS,
        {"l": [{"sku": "A"}, {"sku": "B"}]},
    ),
    rows(
        "lists over a record that is no group",
        [{"generate": "l", "fields": [{"extract": "s", "generate": "k"}]}],
        {"s": 1},
        {"l": [{"k": 1}]},
    ),
    rows(
        "an empty list",
        [{"generate": "l", "jsonPath": "items", "fields": [{"extract": "s", "generate": "k"}]}],
        {"items": []},
        {},
        chosen="It is left out.",
    ),
)

ORDERS: Final = {
    "cust": "J",
    "orders": [{"id": 1, "items": [{"s": "A"}, {"s": "B"}]}, {"id": 2, "items": [{"s": "C"}]}],
}
LINES: Final = [
    {**entry("string", extract="$.orders.items.s"), "generate": "sku"},
    {**entry("number", extract="$.orders.id"), "generate": "order"},
    {**entry("string", extract="$.cust"), "generate": "who"},
]
ENTRIES: Final = (
    two("extract: JSON path", entry("string", extract="$.a.b"), {"a": {"b": "x"}}, {"out": "x"}),
    two("extract: $['a b']", entry("string", extract="$['a b']"), {"a b": "x"}, {"out": "x"}),
    two("extract: [0] and [*]", entry("numberarray", extract="$.l[*].n"), {"l": [{"n": 1}, {"n": 2}]}, {"out": [1, 2]}),
    two("extract: bare $", entry("object", extract="$"), {"a": 1}, {"out": {"a": 1}}),
    two("extract: handlebars with record.", entry("string", extract="{{record.a}}!"), {"a": "x"}, {"out": "x!"}),
    two("extract: hard-coded", entry("number", extract="5"), {}, {"out": 5}),
    Example(
        "generate is a literal key",
        {"mappings": [{**entry("string", extract="x"), "generate": "a.b"}]},
        {},
        {"a.b": "x"},
    ),
    Example(
        "the root is an array",
        {"mappings": [{**entry("stringarray", extract="$.l"), "generate": ""}]},
        {"l": ["a"]},
        ["a"],
    ),
    two(
        "nested mappings read from the root",
        entry("object", mappings=[entry("number", extract="$.a")]),
        {"a": 1},
        {"out": {"out": 1}},
    ),
    two("no value and no default", entry("string", extract="$.a"), {"a": ""}, {}),
    two(
        "default null",
        entry("string", extract="$.a", default=None),
        {},
        {"out": None},
        chosen='null and "" are written as they stand.',
    ),
    two("date formats", entry("string", extract="$.d", **DATES), {"d": "03/26/2025"}, {"out": "2025-03-26"}),
    two(
        "extract_not_empty",
        entry("stringarray", extract="$.l", default=["d"], **when("extract_not_empty")),
        {"l": []},
        {"out": ["d"]},
        chosen="An empty array counts as a value of the extract, though it is none for the entry.",
    ),
    two(
        "an object without content",
        entry("object", mappings=[entry("string", extract="$.zz")]),
        {},
        {},
        chosen="It is left out.",
    ),
    two(
        "an object with extract and mappings",
        entry("object", extract="$.l[*]", mappings=[entry("number", extract="$.l.n")]),
        {"l": [{"n": 1}, {"n": 2}]},
        {"out": {"out": 1}},
        chosen="The mappings see the composite of the first match.",
    ),
    two("an array passed through", entry("objectarray", extract="$.l"), {"l": [{"n": 1}]}, {"out": [{"n": 1}]}),
    two(
        "buildArrayHelper: composite objects",
        entry("objectarray", buildArrayHelper=[{"extract": "$.orders[*].items[*]", "mappings": LINES}]),
        ORDERS,
        {
            "out": [
                {"sku": "A", "order": 1, "who": "J"},
                {"sku": "B", "order": 1, "who": "J"},
                {"sku": "C", "order": 2, "who": "J"},
            ]
        },
    ),
    two(
        "buildArrayHelper: extract alone",
        entry("objectarray", buildArrayHelper=[{"extract": "$.orders[*].items"}]),
        ORDERS,
        {"out": [{"s": "A"}, {"s": "B"}, {"s": "C"}]},
    ),
    two(
        "buildArrayHelper: mappings alone",
        entry("objectarray", buildArrayHelper=[{"mappings": [LINES[2]]}]),
        ORDERS,
        {"out": [{"who": "J"}]},
    ),
    two(
        "buildArrayHelper: entries are joined",
        entry("stringarray", buildArrayHelper=[{"extract": "$.cust"}, {"extract": "x"}]),
        ORDERS,
        {"out": ["J", "x"]},
    ),
    two(
        "buildArrayHelper: $,$",
        entry("objectarray", buildArrayHelper=[{"extract": "$,$", "mappings": [LINES[2]]}]),
        ORDERS,
        {"out": [{"who": "J"}, {"who": "J"}]},
    ),
    two(
        "buildArrayHelper: handlebars see the composite",
        entry(
            "objectarray",
            buildArrayHelper=[
                {
                    "extract": "$.orders[*]",
                    "mappings": [entry("string", extract="{{record.orders.id}}/{{record.cust}}")],
                }
            ],
        ),
        ORDERS,
        {"out": [{"out": "1/J"}, {"out": "2/J"}]},
    ),
    two(
        "buildArrayHelper: plain values to objects",
        entry("objectarray", buildArrayHelper=[{"extract": "$.l"}]),
        {"l": ["x"]},
        {"out": [{"value": "x"}]},
    ),
    two(
        "buildArrayHelper: $ reaches the element",
        entry("objectarray", buildArrayHelper=[{"extract": "$.l[*]", "mappings": [entry("string", extract="$")]}]),
        {"l": ["x"]},
        {"out": [{"out": "x"}]},
    ),
    two(
        "arrayarray",
        entry("arrayarray", buildArrayHelper=[{"mappings": [{**entry("numberarray", extract="$.l"), "generate": ""}]}]),
        {"l": [1, 2]},
        {"out": [[1, 2]]},
    ),
    two(
        "an empty array",
        entry("stringarray", buildArrayHelper=[{"extract": "$.l"}]),
        {"l": []},
        {},
        chosen="It is left out, unless there is a default.",
    ),
)

VALUES: Final[tuple[Json, ...]] = (
    "x", "5", "true", "0", 5, 1, 0, True, {"a": 1}, ["a", "b"], ["1", 2], [True, "f"], [{"a": 1}], [[1], [2]],
)  # fmt: skip
"""What the table of conversions shows for every data type."""

MISSES: Final = LookupFailed("it found nothing")
TWO_RESULTS: Final = LookupFailed("it found more than one value")


def looked(row: str, lookup: Document, value: Json, makes: Any, **more: Any) -> Example:
    """Make an example of a lookup: `out` is what `in` is looked up to."""
    rule = {"extract": "in", "generate": "out", "lookupName": "t"}
    rules = {"mapping": {"fields": [rule]}, "lookups": [{"name": "t", **lookup}]}
    return Example(row, rules, {"in": value}, makes, **more)


_FAILED: Final = Fails("lookup_failed", "lookup")
LOOKUPS: Final = (
    looked("static, found", {"map": {"de": "49"}}, "de", {"out": "49"}),
    looked("static, keys are text", {"map": {"5": "five"}}, 5, {"out": "five"}),
    looked(
        "static, case counts", {"map": {"de": "49"}}, "DE", _FAILED, chosen="Keys that differ in case are different."
    ),
    looked("a miss", {"map": {}}, "x", _FAILED),
    looked(
        "a miss with allowFailures",
        {"map": {}, "allowFailures": True},
        "x",
        {},
        chosen="Nothing is found: null, and the field is left out.",
    ),
    looked(
        "a miss with a default",
        {"map": {}, "default": "d"},
        "x",
        {"out": "d"},
        chosen="The default counts without allowFailures, too.",
    ),
    looked("a miss with an empty default", {"map": {}, "allowFailures": True, "default": ""}, "x", {}),
    looked(
        "a key that is empty", {"map": {"": "x"}, "default": "d"}, "", {"out": "d"}, chosen="No key matches it: a miss."
    ),
    looked("dynamic, found", {"relativeURI": "/x"}, "k", {"out": "v"}, context=MappingContext(lookups={"t": "v"})),
    looked(
        "dynamic, nothing found", {"relativeURI": "/x"}, "k", _FAILED, context=MappingContext(lookups={"t": MISSES})
    ),
    looked(
        "dynamic, many found", {"relativeURI": "/x"}, "k", _FAILED, context=MappingContext(lookups={"t": TWO_RESULTS})
    ),
    looked(
        "dynamic, default",
        {"relativeURI": "/x", "allowFailures": True, "default": "d"},
        "k",
        {"out": "d"},
        context=MappingContext(lookups={"t": MISSES}),
    ),
    one("a lookup that nobody declared", {"extract": "a", "lookupName": "zz"}, {"a": 1}, _FAILED),
)

_RENAME: Final = {
    "version": "1",
    "rules": [[{"extract": "a.b", "generate": "x.y"}, {"extract": "zz", "generate": "z"}]],
}
_MODIFY: Final = {"mode": "modify", "mappings": [{**entry("number", extract="$.a"), "generate": "b"}]}
TRANSFORMS: Final = (
    changed(
        "1.0: only what the rules make",
        _RENAME,
        {"a": {"b": 1}, "c": 2},
        {"x": {"y": 1}},
        chosen="What is missing leaves no key.",
    ),
    changed(
        "1.0: an XML path",
        {"version": "1", "rules": [[{"extract": "/a/b", "generate": "x"}]]},
        {"a": {"b": 1}},
        {"x": 1},
    ),
    changed(
        "1.0: *.x over rows",
        {"version": "1", "rules": [[{"extract": "*.id", "generate": "*.n"}]]},
        ROWS,
        [{"n": 1}, {"n": 1}],
        chosen="The rows are kept.",
    ),
    changed("1.0: no rules", {"version": "1", "rules": [[]]}, {"a": 1}, {"a": 1}, chosen="The record is unchanged."),
    changed("2.0: create", {"version": "2", "rulesTwoDotZero": {**_MODIFY, "mode": "create"}}, {"a": 1}, {"b": 1}),
    changed("2.0: modify", {"version": "2", "rulesTwoDotZero": _MODIFY}, {"a": 1, "b": 0}, {"a": 1, "b": 1}),
    Example(
        "without type",
        {"transform": {"version": "1", "rules": [[{"extract": "a", "generate": "x"}]]}},
        {"a": 1},
        {"x": 1},
    ),
)

X: Final = ["extract", "x"]
OPERATORS: Final[Map[str, tuple[Json, Json, bool]]] = {
    "equals": (["equals", X, 5], 5, True),
    "notequals": (["notequals", X, 5], 6, True),
    "greaterthan": (["greaterthan", ["number", X], 5], "6", True),
    "greaterthanequals": (["greaterthanequals", X, 5], 5, True),
    "lessthan": (["lessthan", X, 5], 5, False),
    "lessthanequals": (["lessthanequals", X, 5], 5, True),
    "startswith": (["startswith", X, "ab"], "abc", True),
    "endswith": (["endswith", X, "ab"], "abc", False),
    "contains": (["contains", X, "b"], "abc", True),
    "doesnotcontain": (["doesnotcontain", X, "b"], "abc", False),
    "isempty": (["isempty", X], "", True),
    "isnotempty": (["isnotempty", X], 0, True),
    "matches": (["matches", X, "^a+$"], "aaa", True),
    "anyof": (["anyof", X, ["a", "b"]], "b", True),
    "and": (["and", ["equals", X, 1], ["lessthan", X, 0]], 1, False),
    "or": (["or", ["equals", X, 1], ["lessthan", X, 0]], 1, True),
    "not": (["not", ["equals", X, 1]], 1, False),
    "string": (["equals", ["string", X], "5"], 5, True),
    "number": (["equals", ["number", X], 5], "5", True),
    "boolean": (["equals", ["boolean", X], True], "true", True),
    "epochtime": (["greaterthan", ["epochtime", X], 0], "2025-01-01", True),
    "lowercase": (["equals", ["lowercase", X], "a"], "A", True),
    "uppercase": (["equals", ["uppercase", X], "A"], "a", True),
    "ceiling": (["equals", ["ceiling", X], 2], 1.2, True),
    "floor": (["equals", ["floor", X], 1], 1.8, True),
    "abs": (["equals", ["abs", X], 1], -1, True),
}
"""For every operator a rule, the value of `x` in the record, and whether the record is kept."""
_BOTH: Final = [
    "and",
    ["equals", ["string", ["extract", "status"]], "open"],
    ["greaterthan", ["number", ["extract", "qty"]], 5],
]
FILTERS: Final = (
    sieve("the example of the reference", _BOTH, {"status": "open", "qty": "6"}, True),
    sieve("extract by path", ["equals", ["extract", "a.b"], 1], {"a": {"b": 1}}, True),
    sieve(
        "settings",
        ["equals", ["settings", "flow.x"], 1],
        {},
        True,
        context=MappingContext(variables={"settings": {"flow": {"x": 1}}}),
    ),
    sieve("no rules", [], {}, True, chosen="Everything is kept."),
    sieve("missing, as string", ["equals", ["string", ["extract", "zz"]], ""], {}, True, chosen="It is an empty text."),
    sieve(
        "missing, as number",
        ["lessthan", ["number", ["extract", "zz"]], 5],
        {},
        False,
        chosen="It is NaN: no comparison holds.",
    ),
    sieve("a number and a numeric text", ["equals", X, 5], {"x": "5"}, True, chosen="They are compared as numbers."),
    sieve("values of different types", ["equals", X, True], {"x": "true"}, False, chosen="They are not equal."),
)

SECTIONS: Final[Map[str, tuple[Example, ...]]] = {
    "Which mapping counts": WHICH,
    "Mapper 1.0: fields": FIELDS,
    "Mapper 1.0: lists": LISTS,
    "Mapper 2.0": ENTRIES,
    "Lookups": LOOKUPS,
    "Transforms": TRANSFORMS,
    "Filters": FILTERS,
}
