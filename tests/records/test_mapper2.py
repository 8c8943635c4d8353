"""Mapper 2.0: mapping.md section 3."""

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.records import MappingContext, RecordError, RuleError, compile_mapping
from isthmus.records.coerce import COERCIONS
from isthmus.records.errors import Problems
from isthmus.records.lookup import compile_lookups
from isthmus.records.mapper.plan2 import plan2
from isthmus.records.mapper.run2 import run2

ORDERS = {"cust": "J", "orders": [{"id": 1, "items": [{"s": "A"}, {"s": "B"}]}, {"id": 2, "items": [{"s": "C"}]}]}
RECORD: dict[str, Any] = {
    "name": "Ada",
    "qty": "5",
    "empty": "",
    "none": None,
    "o": {"p": 1, "q": {"r": 2}},
    "tags": ["x", "y"],
    "nums": ["1", 2],
    "matrix": [[1, 2], [3]],
    "items": [{"sku": "A"}, {"sku": "B"}],
    "created": "2025-03-26T10:00:00Z",
    "a b": "spaced",
    "[]": [],
}
CONTEXT = MappingContext()


def entry(generate: str, kind: str, extract: str | None = None, **more: Any) -> dict[str, Any]:
    made = {"generate": generate, "dataType": kind, "status": "Active", **more}
    return made if extract is None else {**made, "extract": extract}


def mapped(*entries: dict[str, Any], record: Any = RECORD, context: MappingContext = CONTEXT, **more: Any) -> Any:
    before = copy.deepcopy(record)
    made = both({"mappings": list(entries), **more}, record, context)
    assert record == before, "records are never changed"
    return made


def both(document: dict[str, Any], record: Any, context: MappingContext = CONTEXT) -> Any:
    """Map by the generated code and by the oracle; both must agree, on errors too."""
    problems = Problems()
    plan = plan2(document["mappings"], "mappings", problems)
    lookups = compile_lookups(document.get("lookups"), "lookups", problems)
    try:
        made = compile_mapping(document).apply(record, context)
    except RecordError as error:
        with pytest.raises(RecordError) as caught:
            run2(plan, record, context, lookups)
        assert (caught.value.code, caught.value.message, caught.value.source) == (  # noqa: PT017  # raised again below
            error.code,
            error.message,
            error.source,
        )
        raise
    assert json_of(made) == json_of(run2(plan, record, context, lookups))
    return made


def json_of(made: Any) -> str:
    """Write JSON with the keys in their order, so that 1, 1.0 and true differ."""
    return json.dumps(made)


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        pytest.param(entry("k", "string", "$.name"), "Ada", id="JSON path"),
        pytest.param(entry("k", "string", "$['a b']"), "spaced", id="$['a b']"),
        pytest.param(entry("k", "string", "$.items[1].sku"), "B", id="[0]"),
        pytest.param(entry("k", "stringarray", "$.items[*].sku"), ["A", "B"], id="[*]"),
        pytest.param(entry("k", "string", "{{record.name}}!"), "Ada!", id="handlebars with record."),
        pytest.param(entry("k", "string", "name"), "name", id="hard-coded"),
        pytest.param(entry("k", "number", "12"), 12, id="hard-coded number"),
        pytest.param(entry("k", "boolean", "true"), True, id="hard-coded boolean"),
        pytest.param(entry("k", "object", "$"), RECORD, id="bare $"),
        pytest.param(entry("k", "string", "$.zz"), None, id="missing is discarded"),
        pytest.param(entry("k", "string", "$.empty"), None, id='"" is discarded'),
        pytest.param(entry("k", "string", "$.none", default="d"), "d", id="default"),
        pytest.param(entry("k", "number", "$.empty", default="7"), 7, id="default is converted"),
        pytest.param(entry("k", "number", "$.empty"), None, id="empty string to number is empty"),
        pytest.param(entry("k", "string", "$.empty", default=""), "", id='default ""'),
        pytest.param(
            entry("k", "string", "$.name", conditional={"when": "extract_not_empty"}), "Ada", id="extract_not_empty"
        ),
        pytest.param(
            entry("k", "string", "$.zz", default="d", conditional={"when": "extract_not_empty"}),
            None,
            id="extract_not_empty, empty",
        ),
        pytest.param(entry("k", "string", "$.name", conditional={"when": "record_updated"}), None, id="record_updated"),
        pytest.param(entry("k", "string", "$.created", generateDateFormat="MM/DD/YYYY"), "03/26/2025", id="dates"),
        pytest.param(entry("k", "object", "$.o"), {"p": 1, "q": {"r": 2}}, id="object copied"),
        pytest.param(
            entry("k", "object", mappings=[entry("n", "string", "$.name")]), {"n": "Ada"}, id="object of children"
        ),
        pytest.param(
            entry("k", "object", mappings=[entry("n", "string", "$.zz")]), None, id="object with no child omitted"
        ),
        pytest.param(
            entry("k", "object", "$.items[*]", mappings=[entry("s", "string", "$.items.sku")]),
            {"s": "A"},
            id="object, extract and children",
        ),
        pytest.param(
            entry("k", "object", mappings=[entry("x", "object", mappings=[entry("r", "number", "$.o.q.r")])]),
            {"x": {"r": 2}},
            id="children read from the root",
        ),
        pytest.param(entry("k", "stringarray", "$.tags"), ["x", "y"], id="an array passed through"),
        pytest.param(entry("k", "objectarray", "$.items"), [{"sku": "A"}, {"sku": "B"}], id="objects passed through"),
        pytest.param(entry("k", "stringarray", "$['[]']"), None, id="empty array omitted"),
        pytest.param(entry("k", "stringarray", "$['[]']", default=[]), [], id="empty array by default"),
        pytest.param(entry("k", "string", "$.name", status="Inactive"), None, id="only Active entries count"),
    ],
)
def test_entry(rule: dict[str, Any], made: Any) -> None:
    assert mapped(rule) == ({} if made is None else {"k": made})


def test_null_default() -> None:
    assert mapped(entry("k", "string", "$.zz", default=None)) == {"k": None}


def test_generate_is_a_literal_key() -> None:
    assert mapped(entry("a.b", "string", "x"), entry("__proto__", "string", "y")) == {"a.b": "x", "__proto__": "y"}


def test_2_0_wins_over_1_0() -> None:
    mapping = {"fields": [{"extract": "name", "generate": "one"}]}
    assert mapped(entry("two", "string", "$.name"), mapping=mapping) == {"two": "Ada"}


def build(kind: str, *helpers: Any, **more: Any) -> dict[str, Any]:
    return entry("k", kind, buildArrayHelper=list(helpers), **more)


SKU = entry("sku", "string", "$.orders.items.s")


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        pytest.param(
            build(
                "objectarray",
                {
                    "extract": "$.orders[*].items[*]",
                    "mappings": [SKU, entry("order", "number", "$.orders.id"), entry("who", "string", "$.cust")],
                },
            ),
            [
                {"sku": "A", "order": 1, "who": "J"},
                {"sku": "B", "order": 1, "who": "J"},
                {"sku": "C", "order": 2, "who": "J"},
            ],
            id="composite objects, the documented example",
        ),
        pytest.param(
            build(
                "objectarray",
                {"extract": "$.orders[1].items[*]", "mappings": [SKU, entry("o", "number", "$.orders.id")]},
            ),
            [{"sku": "C", "o": 2}],
            id="composite of [n]",
        ),
        pytest.param(
            build("objectarray", {"extract": "$.orders", "mappings": [entry("o", "number", "$.orders.id")]}),
            [{"o": 1}, {"o": 2}],
            id="an array without [*] is walked over",
        ),
        pytest.param(
            build("objectarray", {"extract": "$", "mappings": [entry("c", "string", "$.cust")]}),
            [{"c": "J"}],
            id="a single object iterates once",
        ),
        pytest.param(
            build("objectarray", {"mappings": [entry("c", "string", "$.cust")]}),
            [{"c": "J"}],
            id="mappings only: one object",
        ),
        pytest.param(
            build("objectarray", {"extract": "$.orders[*].items"}),
            [{"s": "A"}, {"s": "B"}, {"s": "C"}],
            id="extract only: objects appended",
        ),
        pytest.param(
            build("objectarray", {"extract": "$,$", "mappings": [entry("c", "string", "$.cust")]}),
            [{"c": "J"}, {"c": "J"}],
            id="$,$ is two objects",
        ),
        pytest.param(
            build(
                "objectarray",
                {"extract": "$.orders[*]", "mappings": [entry("t", "string", "{{record.orders.id}}/{{record.cust}}")]},
            ),
            [{"t": "1/J"}, {"t": "2/J"}],
            id="handlebars see the composite as record",
        ),
        pytest.param(
            build(
                "objectarray",
                {
                    "extract": "$.orders[*]",
                    "mappings": [
                        entry("id", "number", "$.orders.id"),
                        entry(
                            "lines",
                            "objectarray",
                            buildArrayHelper=[
                                {"extract": "$.orders.items[*]", "mappings": [SKU, entry("o", "number", "$.orders.id")]}
                            ],
                        ),
                    ],
                },
            ),
            [
                {"id": 1, "lines": [{"sku": "A", "o": 1}, {"sku": "B", "o": 1}]},
                {"id": 2, "lines": [{"sku": "C", "o": 2}]},
            ],
            id="nested helpers go on from the composite",
        ),
        pytest.param(
            build("objectarray", {"extract": "$.orders[*]", "mappings": [entry("zz", "string", "$.zz")]}),
            None,
            id="objects without a field omitted",
        ),
        pytest.param(build("objectarray", {"extract": "$.zz[*]", "mappings": [SKU]}), None, id="nothing to walk over"),
        pytest.param(
            build("stringarray", {"extract": "$.orders[*].id"}, {"extract": "$.cust"}),
            ["1", "2", "J"],
            id="entries are concatenated",
        ),
        pytest.param(
            build("stringarray", {"extract": "$.cust,$.orders[0].id"}), ["J", "1"], id="comma separated extracts"
        ),
        pytest.param(
            build("numberarray", {"extract": "$.orders[*].id"}, {"extract": "7"}),
            [1, 2, 7],
            id="numbers, one hard-coded",
        ),
        pytest.param(build("stringarray", {"extract": "$.zz", "default": "d"}), ["d"], id="default of a helper"),
        pytest.param(
            build("stringarray", {"extract": "$.zz", "default": "d", "conditional": {"when": "extract_not_empty"}}),
            None,
            id="extract_not_empty",
        ),
        pytest.param(
            build("arrayarray", {"extract": "$.orders[*].items[*].s"}), [["A", "B", "C"]], id="arrayarray, extract only"
        ),
        pytest.param(
            build(
                "arrayarray", {"mappings": [entry("", "stringarray", "$.orders[*].id"), entry("", "numberarray", "5")]}
            ),
            [["1", "2"], [5]],
            id="arrayarray, children without generate",
        ),
        pytest.param(
            build(
                "arrayarray",
                {
                    "extract": "$.orders[*]",
                    "mappings": [entry("", "stringarray", buildArrayHelper=[{"extract": "$.orders.items[*].s"}])],
                },
            ),
            [["A", "B"], ["C"]],
            id="arrayarray, one child array each",
        ),
    ],
)
def test_build_array_helper(rule: dict[str, Any], made: Any) -> None:
    assert mapped(rule, record=ORDERS) == ({} if made is None else {"k": made})


def test_primitives_to_objects() -> None:
    assert mapped(build("objectarray", {"extract": "$.tags"})) == {"k": [{"value": "x"}, {"value": "y"}]}
    rule = build(
        "objectarray", {"extract": "$.tags[*]", "mappings": [entry("t", "string", "$"), entry("n", "string", "$.name")]}
    )
    assert mapped(rule) == {"k": [{"t": "x", "n": "Ada"}, {"t": "y", "n": "Ada"}]}


def test_matrix_is_flattened_one_level() -> None:
    assert mapped(build("numberarray", {"extract": "$.matrix"})) == {"k": [1, 2, 3]}
    assert mapped(build("arrayarray", {"extract": "$.matrix[0]"})) == {"k": [[1, 2]]}


def test_the_root_may_be_an_array() -> None:
    assert mapped(entry("", "objectarray", "$.items")) == [{"sku": "A"}, {"sku": "B"}]
    assert mapped(entry("", "objectarray", "$.zz")) == []


def test_rows() -> None:
    rows = [{"id": 1, "s": "A"}, {"id": 1, "s": "B"}]
    rules = (
        entry("id", "number", "$[0].id"),
        build("objectarray", {"extract": "$[*]", "mappings": [entry("s", "string", "$.s")]}),
        entry("t", "string", "{{rows.1.s}}"),
    )
    assert mapped(*rules, record=rows) == {"id": 1, "k": [{"s": "A"}, {"s": "B"}], "t": "B"}


def test_variables_and_lookups() -> None:
    lookups = [{"name": "n", "map": {"Ada": "1"}}, {"name": "live", "relativeURI": "/x"}]
    context = MappingContext(lookups={"live": "L"}, variables={"settings": {"flow": {"x": 3}}})
    rules = (
        entry("a", "number", "$.name", lookupName="n"),
        entry("b", "string", "$.name", lookupName="live"),
        entry("c", "number", "{{settings.flow.x}}"),
        entry("d", "string", "{{lookup 'n' record.name}}{{lookup.live}}"),
    )
    assert mapped(*rules, lookups=lookups, context=context) == {"a": 1, "b": "L", "c": 3, "d": "1L"}
    assert compile_mapping({"mappings": list(rules), "lookups": lookups}).lookups == ("live",)
    with pytest.raises(RecordError) as caught:
        mapped(entry("a", "string", "$.qty", lookupName="n"), lookups=lookups)
    assert caught.value.source == "lookup"


OBJECT = {"a": 1}
NO = RecordError


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("string", "x", "x"),
        ("string", 5, "5"),
        ("string", 5.5, "5.5"),
        ("string", True, "true"),
        ("string", ["a", 1], "a,1"),
        ("string", OBJECT, '{"a":1}'),
        ("string", [OBJECT], '[{"a":1}]'),
        ("number", 5, 5),
        ("number", "5", 5),
        ("number", "1.5", 1.5),
        ("number", " 2e3 ", 2000.0),
        ("number", "x", NO),
        ("number", True, NO),
        ("number", [1], NO),
        ("number", OBJECT, NO),
        ("number", "1e309", NO),
        ("number", "Infinity", NO),
        ("boolean", True, True),
        ("boolean", "true", True),
        ("boolean", "F", False),
        ("boolean", "t", True),
        ("boolean", 0, False),
        ("boolean", "1", True),
        ("boolean", "yes", NO),
        ("boolean", 2, NO),
        ("boolean", [True], NO),
        ("boolean", OBJECT, NO),
        ("object", OBJECT, OBJECT),
        ("object", "x", NO),
        ("object", [OBJECT], NO),
        ("object", 1, NO),
        ("stringarray", "x", ["x"]),
        ("stringarray", [1, True, "a"], ["1", "true", "a"]),
        ("stringarray", OBJECT, ['{"a":1}']),
        ("stringarray", [OBJECT, [1]], ['{"a":1}', "[1]"]),
        ("numberarray", "5", [5]),
        ("numberarray", ["1", 2], [1, 2]),
        ("numberarray", True, NO),
        ("numberarray", [True], NO),
        ("numberarray", OBJECT, NO),
        ("numberarray", [OBJECT], NO),
        ("booleanarray", "t", [True]),
        ("booleanarray", [1, "F"], [True, False]),
        ("booleanarray", [OBJECT], NO),
        ("objectarray", OBJECT, [OBJECT]),
        ("objectarray", ["x", OBJECT], [{"value": "x"}, OBJECT]),
        ("arrayarray", [[1], 2], [[1], [2]]),
    ],
)
def test_coercion(kind: str, value: Any, made: Any) -> None:
    if made is NO:
        with pytest.raises(RecordError) as caught:
            mapped(entry("k", kind, "$.v"), record={"v": value})
        assert (caught.value.code, caught.value.source) == ("invalid_type", "mapping")
    else:
        assert mapped(entry("k", kind, "$.v"), record={"v": value}) == {"k": made}


def test_all_problems_at_once() -> None:
    document = {
        "mappings": [
            {"generate": "a", "dataType": "string"},
            entry("", "string", "x"),
            entry("b", "colour"),
            entry("c", "string", "$..x"),
            entry("d", "object", mappings=[{"dataType": "string", "generate": "x"}, 5]),
            build("objectarray", {"extract": "$.a[", "mappings": [{"generate": "y", "dataType": "number"}]}, 7),
            entry("e", "string", "{{#if}}", lookupName=5, extractDateTimezone="Mars"),
            entry("f", "objectarray", buildArrayHelper=5),
            entry("g", "object", mappings=5),
            entry("h", "string", extract=5),  # type: ignore[arg-type]  # that is the point
        ]
    }
    with pytest.raises(RuleError) as caught:
        compile_mapping(document)
    found = {problem.field: problem.message for problem in caught.value.problems}
    assert found["mappings[0].status"] == "Mapping object must have status field present"
    assert set(found) >= {
        "mappings[2].dataType",
        "mappings[3].extract",
        "mappings[4].mappings[0].status",
        "mappings[4].mappings[1]",
        "mappings[5].buildArrayHelper[0].extract",
        "mappings[5].buildArrayHelper[0].mappings[0].status",
        "mappings[5].buildArrayHelper[1]",
        "mappings[6].extract",
        "mappings[6].lookupName",
        "mappings[6].extractDateTimezone",
        "mappings[7].buildArrayHelper",
        "mappings[8].mappings",
        "mappings[9].extract",
        "mappings.generate",
    }


@pytest.mark.parametrize("mappings", [5, "x", {"a": 1}, [5], [[]]])
def test_what_is_no_mapping(mappings: Any) -> None:
    with pytest.raises(RuleError):
        compile_mapping({"mappings": mappings})


@pytest.mark.hostile(90)
def test_deep_rules_are_refused() -> None:
    rule = entry("x", "string", "y")
    for _ in range(5_000):
        rule = entry("x", "object", mappings=[rule])
    with pytest.raises(RuleError):
        compile_mapping({"mappings": [rule]})


@pytest.mark.hostile(90)
def test_deep_records_are_record_errors() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = {"a": deep}
    with pytest.raises(RecordError):
        compile_mapping({"mappings": [entry("k", "string", "$.a")]}).apply(deep, CONTEXT)
    assert compile_mapping({"mappings": [entry("k", "object", "$.a")]}).apply(deep, CONTEXT) == {
        "k": deep["a"]
    }  # same object


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab1t", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=10,
)
STEPS = st.sampled_from([".a", ".b", ".c", "[*]", "[0]", ".a[*]", ".b[*]", ".a"])
EXTRACTS = (
    st.sampled_from(["$", "$.a", "$.b[*]", "$.a[*].b[*]", "$.a.b", "$.c[0]", "lit", "{{record.a}}", "$.a,$.b", "$,$"])
    | st.sampled_from(["{{#each record.a}}{{b}}{{/each}}", "{{record.a.b}}{{record.b}}", "$.a[*]", "$.a[*].b", "$.b.c"])
    | st.lists(STEPS, max_size=4).map(lambda steps: "$" + "".join(steps))
)
CONDITIONS = st.sampled_from(["record_created", "record_updated", "extract_not_empty", "lookup_empty", "ignore_if_set"])


@st.composite
def helpers(draw: st.DrawFn, children: list[Any]) -> dict[str, Any]:
    helper: dict[str, Any] = {}
    if draw(st.integers(0, 4)):
        helper["extract"] = draw(EXTRACTS)
    if draw(st.integers(0, 3)):
        helper["mappings"] = children
    if draw(st.integers(0, 3)) == 0:
        helper["default"] = draw(st.sampled_from(["d", {"q": 1}]))
    return helper


@st.composite
def entries(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(COERCIONS)))
    rule = entry(draw(st.sampled_from("klm")), kind)
    inner = st.lists(entries(depth + 1), max_size=2) if depth < 2 else st.just([])
    if draw(st.booleans()):
        rule["extract"] = draw(EXTRACTS)
    if draw(st.booleans()):
        rule["default"] = draw(st.sampled_from([None, "", [], "1", {"q": [1]}]))
    if draw(st.integers(0, 3)) == 0:
        rule["conditional"] = {"when": draw(CONDITIONS), "lookupName": "l"}
    if draw(st.integers(0, 7)) == 0:
        rule["lookupName"] = "l"
    if kind == "object":
        rule["mappings"] = draw(inner)
    elif kind.endswith("array"):
        children = [{**child, "generate": ""} if kind == "arrayarray" else child for child in draw(inner)]
        rule["buildArrayHelper"] = [draw(helpers(children)) for _ in range(draw(st.integers(0, 2)))]
    return rule


LOOKUPS = [{"name": "l", "map": {"a": "1", "1": {"b": "x"}}, "allowFailures": True}]


@given(st.lists(entries(), min_size=1, max_size=3, unique_by=lambda rule: rule["generate"]), JSON)
@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_generated_code_maps_as_its_oracle(rules: list[Any], record: Any) -> None:
    """Any rules map any record or refuse it: the same each time, in the order of the rules, the record unchanged."""
    document = {"mappings": rules, "lookups": LOOKUPS}
    before = copy.deepcopy(record)
    with suppress(RecordError):
        made = both(document, record)
        assert json_of(both(document, record)) == json_of(made)
        assert list(made) == [key for key in dict.fromkeys(rule["generate"] for rule in rules) if key in made]
    assert json_of(record) == json_of(before)


def test_mappings_beyond_the_cap_are_run_by_the_oracle() -> None:
    rules = [entry(f"k{number}", "string", "$.name") for number in range(501)]
    assert mapped(*rules) == {f"k{number}": "Ada" for number in range(501)}


def test_deep_objects_are_the_oracles() -> None:
    rule = entry("x", "string", "$.name", conditional={"when": "record_created"})
    for _ in range(31):
        rule = entry("x", "object", mappings=[rule], conditional={"when": "record_created"})
    made = mapped(rule)
    for _ in range(32):
        made = made["x"]
    assert made == "Ada"


@pytest.mark.hostile(84)
def test_arrays_inside_of_arrays_are_counted() -> None:
    rule = entry("k", "string", "x")
    for _ in range(3):
        rule = entry("k", "objectarray", buildArrayHelper=[{"extract": "$.a[*]", "mappings": [rule]}])
    assert len(mapped(rule, record={"a": [1, 2]})["k"]) == 2
    for path in ("$.{}[*]", "$.{}"):
        rule = entry("k", "string", "x")
        for name in "abcd":
            rule = entry("k", "objectarray", buildArrayHelper=[{"extract": path.format(name), "mappings": [rule]}])
        with pytest.raises(RecordError, match="more than 1,000,000"):
            compile_mapping({"mappings": [rule]}).apply({name: [1] * 200 for name in "abcd"}, CONTEXT)


@pytest.mark.hostile(90)
def test_cyclic_data_ends() -> None:
    knot: dict[str, Any] = {"b": 1}
    knot["a"] = [knot, knot]
    wild = "$" + ".a[*]" * 40
    documents: list[dict[str, Any]] = [
        {"mappings": [entry("k", "stringarray", wild)]},
        {"mapping": {"fields": [{"extract": wild.removeprefix("$."), "generate": "k"}]}},
        {"mappings": [entry("k", "string", "$.a")]},
        {"mappings": [entry("k", "string", "{{jsonSerialize record}}")]},
        {"mapping": {"fields": [{"extract": "a", "generate": "k"}, {"hardCodedValue": 1, "generate": "k.x"}]}},
    ]
    for document in documents:
        with pytest.raises(RecordError):
            compile_mapping(document).apply(knot, CONTEXT)
    assert compile_mapping({"mappings": [entry("k", "number", "$.a[0].a[1].b")]}).apply(knot, CONTEXT) == {"k": 1}


@pytest.mark.hostile(90)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", 10**400, "1e309"])
def test_odd_values_are_kept_or_refused(value: Any) -> None:
    for kind in COERCIONS:
        document = {"mappings": [entry("k", kind, "$.v"), entry("t", "string", "{{record.v}}")]}
        with suppress(RecordError):
            compile_mapping(document).apply({"v": value, "__proto__": {}, "constructor": None}, CONTEXT)
