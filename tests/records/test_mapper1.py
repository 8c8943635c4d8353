"""Mapper 1.0: mapping.md section 2. Every row runs through the generated code and through its oracle."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.records import LookupFailed, MappingContext, RecordError, RuleError, compile_mapping
from isthmus.records.errors import Problems
from isthmus.records.lookup import compile_lookups
from isthmus.records.mapper.plan1 import plan1
from isthmus.records.mapper.run1 import run1

RECORD: dict[str, Any] = {
    "timestamp": 1,
    "name": "Ada",
    "qty": "5",
    "empty": "",
    "none": None,
    "flag": "T",
    "a": {"b": 2, "c": [{"d": "x"}, {"d": "y"}]},
    "x y": "spaced",
    "l.k": "literal",
    "created": "2025-03-26T10:00:00Z",
    "items": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": "2"}],
    "no items": [],
}
CREATE, UPDATE = MappingContext(), MappingContext(operation="update")


def mapped(fields: list[Any] | None = None, lists: list[Any] | None = None, **more: Any) -> Any:
    """Map a record by the generated code and by the oracle; both must agree, and the record must stay."""
    record, context = more.pop("record", RECORD), more.pop("context", CREATE)
    document = {"mapping": {"fields": fields or [], "lists": lists or []}, **more}
    before = copy.deepcopy(record)
    problems = Problems()
    plan = plan1(document["mapping"], "mapping", problems)
    lookups = compile_lookups(document.get("lookups"), "lookups", problems)
    try:
        made = compile_mapping(document).apply(record, context)
    except RecordError as error:
        with pytest.raises(RecordError) as caught:
            run1(plan, record, context, lookups)
        assert (caught.value.code, caught.value.source) == (error.code, error.source)  # noqa: PT017  # raised again below
        raise
    assert run1(plan, record, context, lookups) == made
    assert record == before
    return made


def field(generate: str = "out", **rule: Any) -> dict[str, Any]:
    return {"generate": generate, **rule}


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        pytest.param({"extract": "name"}, "Ada", id="path"),
        pytest.param({"extract": "a.b"}, 2, id="dot notation"),
        pytest.param({"extract": "a.c[1].d"}, "y", id="a[0].b"),
        pytest.param({"extract": "[x y]"}, "spaced", id="[Field With Spaces]"),
        pytest.param({"extract": "x y"}, "spaced", id="spaces without brackets"),
        pytest.param({"extract": "l.k"}, "literal", id="literal key match wins"),
        pytest.param({"extract": "items[*].sku"}, ["A", "B"], id="wildcard"),
        pytest.param({"extract": "{{name}}-{{a.b}}"}, "Ada-2", id="multi-field, bare names"),
        pytest.param({"extract": "{{uppercase name}}"}, "ADA", id="handlebars helper"),
        pytest.param({"extract": "{{none}}"}, None, id="an empty template is omitted"),
        pytest.param({"hardCodedValue": "x"}, "x", id="hardCodedValue"),
        pytest.param({"hardCodedValue": ""}, "", id='hardCodedValue ""'),
        pytest.param({"hardCodedValue": "x", "extract": "name"}, "x", id="hardCodedValue wins over extract"),
        pytest.param({"hardCodedValue": "5", "dataType": "number"}, 5, id="hardCodedValue with dataType"),
        pytest.param({"extract": "zz"}, None, id="missing is omitted"),
        pytest.param({"extract": "none"}, None, id="null is omitted"),
        pytest.param({"extract": "empty"}, None, id='"" is omitted'),
        pytest.param({"extract": "zz", "default": "d"}, "d", id="default"),
        pytest.param({"extract": "zz", "default": ""}, "", id='default ""'),
        pytest.param({"extract": "zz", "default": "7", "dataType": "number"}, 7, id="default with dataType"),
        pytest.param({"extract": "name", "default": "d"}, "Ada", id="default not needed"),
        pytest.param({"default": "alone"}, "alone", id="default alone"),
        pytest.param({"extract": "zz", "default": "d", "discardIfEmpty": True}, None, id="discardIfEmpty"),
        pytest.param({"extract": "qty", "dataType": "number"}, 5, id="dataType number"),
        pytest.param({"extract": "timestamp", "dataType": "string"}, "1", id="dataType string"),
        pytest.param({"extract": "flag", "dataType": "boolean"}, True, id="dataType boolean"),
        pytest.param({"extract": "qty", "dataType": "numberarray"}, [5], id="dataType numberarray"),
        pytest.param({"extract": "items[*].qty", "dataType": "stringarray"}, ["1", "2"], id="dataType stringarray"),
        pytest.param({"extract": "created", "dataType": "date"}, "2025-03-26T10:00:00Z", id="dataType date, ISO stays"),
        pytest.param(
            {"extract": "timestamp", "dataType": "date"}, "1970-01-01T00:00:00.001Z", id="dataType date, epoch"
        ),
        pytest.param({"extract": "created", "generateDateFormat": "MM/DD/YYYY"}, "03/26/2025", id="generateDateFormat"),
        pytest.param(
            {"extract": "created", "generateDateFormat": "HH:mm", "generateDateTimezone": "US/Eastern"},
            "06:00",
            id="time zones",
        ),
        pytest.param({"extract": "name", "conditional": {"when": "record_created"}}, "Ada", id="record_created"),
        pytest.param({"extract": "name", "conditional": {"when": "record_updated"}}, None, id="record_updated"),
        pytest.param({"extract": "name", "conditional": {"when": "extract_not_empty"}}, "Ada", id="extract_not_empty"),
        pytest.param(
            {"extract": "zz", "default": "d", "conditional": {"when": "extract_not_empty"}},
            None,
            id="extract_not_empty, empty",
        ),
        pytest.param({"extract": "name", "immutable": True}, "Ada", id="immutable, on create"),
    ],
)
def test_field(rule: dict[str, Any], made: Any) -> None:
    assert mapped([field(**rule)]) == ({} if made is None else {"out": made})


def test_the_published_example() -> None:
    fields = [{"extract": "timestamp", "generate": "timestamp"}, {"generate": "key", "hardCodedValue": "sqs_flow"}]
    made = mapped(fields, record={"timestamp": 1512012818751})
    assert made == {"timestamp": 1512012818751, "key": "sqs_flow"}
    assert list(made) == ["timestamp", "key"]


def test_null_default_and_null_value() -> None:
    assert mapped([field(extract="zz", default=None)]) == {"out": None}
    assert mapped([field(hardCodedValue=None)]) == {"out": None}
    assert mapped([field(hardCodedValue=None, extract="name")]) == {"out": "Ada"}


def test_on_update() -> None:
    rules = [
        field("a", extract="name", immutable=True),
        field("b", extract="name", conditional={"when": "record_updated"}),
    ]
    assert mapped(rules, context=UPDATE) == {"b": "Ada"}


def test_ignore_if_set() -> None:
    rules = [field(extract="name"), field(extract="qty", conditional={"when": "ignore_if_set"})]
    assert mapped(rules) == {"out": "Ada"}
    assert mapped(rules[1:]) == {"out": "5"}


def test_dotted_generate_nests() -> None:
    rules = [
        field("o.p.q", extract="name"),
        field("o.p.r", extract="qty"),
        field("o.p", extract="a"),
        field("o.p.b", hardCodedValue=9),
    ]
    assert mapped(rules) == {"o": {"p": {**RECORD["a"], "b": 9}}}
    assert mapped([field("items[*].sku", extract="items[*].sku")]) == {"items": [{"sku": "A"}, {"sku": "B"}]}


LOOKUPS = [
    {"name": "size", "map": {"Ada": "large", "2": 3}},
    {"name": "soft", "map": {"x": "y"}, "default": "fallback", "allowFailures": True},
    {"name": "null", "map": {"x": "y"}, "allowFailures": True},
    {"name": "live", "method": "GET", "relativeURI": "/x"},
]


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        pytest.param({"extract": "name", "lookupName": "size"}, "large", id="static"),
        pytest.param({"extract": "a.b", "lookupName": "size"}, 3, id="keys are compared as text"),
        pytest.param({"extract": "name", "lookupName": "soft"}, "fallback", id="miss with default"),
        pytest.param({"extract": "name", "lookupName": "null"}, None, id="miss, allowFailures, no default"),
        pytest.param({"extract": "name", "lookupName": "live"}, "L", id="dynamic"),
        pytest.param(
            {"extract": "name", "conditional": {"when": "lookup_not_empty", "lookupName": "live"}},
            "Ada",
            id="lookup_not_empty",
        ),
        pytest.param(
            {"extract": "name", "conditional": {"when": "lookup_empty", "lookupName": "live"}}, None, id="lookup_empty"
        ),
        pytest.param(
            {"extract": "qty", "conditional": {"when": "lookup_empty", "lookupName": "size"}},
            "5",
            id="lookup_empty, static miss",
        ),
        pytest.param({"extract": '{{lookup "size" name}} {{lookup.live}}'}, "large L", id="in a template"),
    ],
)
def test_lookup(rule: dict[str, Any], made: Any) -> None:
    found = mapped([field(**rule)], lookups=LOOKUPS, context=MappingContext(lookups={"live": "L"}))
    assert found == ({} if made is None else {"out": made})


@pytest.mark.parametrize(
    ("rule", "results"),
    [
        pytest.param({"extract": "qty", "lookupName": "size"}, {}, id="static miss"),
        pytest.param({"extract": "zz", "lookupName": "size"}, {}, id="nothing to look up"),
        pytest.param({"extract": "qty", "lookupName": "nobody"}, {}, id="undeclared"),
        pytest.param(
            {"extract": "qty", "lookupName": "live"}, {"live": LookupFailed("More than one.")}, id="dynamic miss"
        ),
        pytest.param(
            {"extract": "qty", "conditional": {"when": "lookup_empty", "lookupName": "nobody"}},
            {},
            id="undeclared, in a condition",
        ),
    ],
)
def test_lookup_fails_the_record(rule: dict[str, Any], results: dict[str, Any]) -> None:
    with pytest.raises(RecordError) as caught:
        mapped([field(**rule)], lookups=LOOKUPS, context=MappingContext(lookups=results))
    assert caught.value.source == "lookup"


def test_names_of_dynamic_lookups() -> None:
    rules = [
        field("a", extract="name", lookupName="live"),
        field("b", extract="{{lookup.live}}{{lookup 'size' name}}"),
        field("c", lookupName="size"),
    ]
    assert compile_mapping({"mapping": {"fields": rules}, "http": {"lookups": LOOKUPS}}).lookups == ("live",)


@pytest.mark.parametrize(
    ("rows", "made"),
    [
        pytest.param(
            {"jsonPath": "items", "fields": [field("s", extract="sku"), field("n", extract="name")]},
            [{"s": "A", "n": "Ada"}, {"s": "B", "n": "Ada"}],
            id="jsonPath, the record's fields as a fallback",
        ),
        pytest.param(
            {"jsonPath": "items", "fields": [field("s", extract="*.sku")]},
            [{"s": "A"}, {"s": "B"}],
            id="*.x is the row's",
        ),
        pytest.param(
            {"jsonPath": "items", "fields": [field("s", extract="items[*].sku")]},
            [{"s": "A"}, {"s": "B"}],
            id="the whole path",
        ),
        pytest.param(
            {"fields": [field("s", extract="items[*].sku")]},
            [{"s": "A"}, {"s": "B"}],
            id="no jsonPath, from the extracts",
        ),
        pytest.param(
            {"fields": [field("s", extract="name")]}, [{"s": "Ada"}], id="no jsonPath, the record itself once"
        ),
        pytest.param(
            {
                "jsonPath": "items",
                "fields": [field("q", extract="qty", dataType="number"), field("k", hardCodedValue="z")],
            },
            [{"q": 1, "k": "z"}, {"q": 2, "k": "z"}],
            id="types and literals",
        ),
        pytest.param(
            {"jsonPath": "items", "fields": [field("s", extract="{{name}}/{{sku}}")]},
            [{"s": "Ada/A"}, {"s": "Ada/B"}],
            id="templates",
        ),
        pytest.param({"jsonPath": "no items", "fields": [field("s", extract="sku")]}, None, id="empty list omitted"),
        pytest.param({"jsonPath": "zz", "fields": [field("s", extract="sku")]}, None, id="missing list omitted"),
        pytest.param(
            {"jsonPath": "items", "fields": [field("s", extract="zz")]}, None, id="rows without a value omitted"
        ),
        pytest.param(
            {"jsonPath": "a.c", "fields": [field("o.d", extract="d")]},
            [{"o": {"d": "x"}}, {"o": {"d": "y"}}],
            id="nested",
        ),
    ],
)
def test_list(rows: dict[str, Any], made: Any) -> None:
    assert mapped(lists=[{"generate": "out", **rows}]) == ({} if made is None else {"out": made})


def test_grouped_record() -> None:
    rows = [{"id": 1, "sku": "A"}, {"id": 1, "sku": "B", "x": 1}]
    made = mapped(
        [field("id", extract="id"), field("skus", extract="*.sku"), field("t", extract="{{id}}-{{rows.1.sku}}")],
        [{"generate": "lines", "fields": [field("s", extract="sku"), field("x", extract="*.x")]}],
        record=rows,
    )
    assert made == {"id": 1, "skus": ["A", "B"], "t": "1-B", "lines": [{"s": "A"}, {"s": "B", "x": 1}]}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"extract": "name", "dataType": "number"}, "invalid_type"),
        ({"extract": "a", "dataType": "number"}, "invalid_type"),
        ({"extract": "name", "dataType": "boolean"}, "invalid_type"),
        ({"extract": "name", "generateDateFormat": "YYYY"}, "invalid_date"),
        ({"extract": "{{dateFormat 'YYYY' name}}"}, "invalid_date"),
    ],
)
def test_a_bad_record_is_a_record_error(rule: dict[str, Any], code: str) -> None:
    with pytest.raises(RecordError) as caught:
        mapped([field(**rule)])
    assert (caught.value.code, caught.value.source) == (code, "mapping")
    assert "Ada" not in caught.value.message


def test_all_problems_at_once() -> None:
    document: dict[str, Any] = {
        "mapping": {
            "fields": [
                {"extract": "a", "generate": ""},
                {"extract": "a[", "generate": "b", "dataType": "colour"},
                {"extract": "{{#if}}", "generate": "c[9999999]"},
                "no rule",
                {"extract": "a", "generate": "d", "conditional": {"when": "never"}, "generateDateTimezone": "Mars"},
                {"extract": "a", "generate": "e", "conditional": {"when": "lookup_empty"}, "lookupName": 5},
                {"extract": "a", "generate": "f", "default": "x", "dataType": "number"},
                {"extract": 7, "generate": ["g"]},
            ],
            "lists": [{"generate": "", "jsonPath": "a[", "fields": [{}]}, {"generate": "x", "fields": 5}],
        },
        "lookups": [{"name": ""}],
    }
    with pytest.raises(RuleError) as caught:
        compile_mapping(document)
    assert {problem.field for problem in caught.value.problems} >= {
        "lookups[0].name",
        "mapping.fields[0].generate",
        "mapping.fields[1].extract",
        "mapping.fields[1].dataType",
        "mapping.fields[2].extract",
        "mapping.fields[2].generate",
        "mapping.fields[3]",
        "mapping.fields[4].conditional.when",
        "mapping.fields[4].generateDateTimezone",
        "mapping.fields[5].lookupName",
        "mapping.fields[6].default",
        "mapping.fields[7].extract",
        "mapping.fields[7].generate",
        "mapping.lists[0].generate",
        "mapping.lists[0].jsonPath",
        "mapping.lists[0].fields[0].generate",
        "mapping.lists[1].fields",
    }


@pytest.mark.parametrize("mapping", [5, "x", [], {"fields": "x"}, {"lists": {"a": 1}}])
def test_what_is_no_mapping(mapping: Any) -> None:
    if not mapping:
        assert compile_mapping({"mapping": mapping}).apply(RECORD, CREATE) is RECORD
        return
    with pytest.raises(RuleError):
        compile_mapping({"mapping": mapping})


def test_no_mapping_passes_records_through() -> None:
    documents: list[dict[str, Any]] = [{}, {"mapping": {}}, {"mapping": {"fields": [], "lists": []}}, {"mappings": []}]
    for document in documents:
        assert compile_mapping(document).apply(RECORD, CREATE) is RECORD


def test_a_mapping_in_the_block_of_the_adaptor() -> None:
    mapping = compile_mapping({"netsuite_da": {"mapping": {"fields": [field(extract="name")]}}})
    assert mapping.apply(RECORD, CREATE) == {"out": "Ada"}


@pytest.mark.hostile(90)
def test_nasty_keys_are_plain_keys() -> None:
    rules = [
        field("__proto__.x", extract="constructor"),
        field("__class__", extract="__class__"),
        field("K1", extract="'); exit()#"),
    ]
    record = {"constructor": 1, "__class__": "c", "'); exit()#": 2}
    assert mapped(rules, record=record) == {"__proto__": {"x": 1}, "__class__": "c", "K1": 2}


@pytest.mark.hostile(90)
def test_deep_records() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = {"a": deep}
    assert mapped_alone([field(extract="a")], {"a": 5}) == {"out": 5}
    for rule in (field(extract="a", dataType="string"), field(extract="{{jsonSerialize a}}")):
        with pytest.raises(RecordError):
            mapped_alone([rule], deep)
    with pytest.raises(RecordError):
        mapped_alone([field("o", extract="a"), field("o.b", hardCodedValue=1)], deep)


def mapped_alone(fields: list[Any], record: Any) -> Any:
    return compile_mapping({"mapping": {"fields": fields}}).apply(record, CREATE)


@pytest.mark.parametrize("record", [None, 5, "text", True, [], [5], [[]]])
def test_records_that_are_no_objects(record: Any) -> None:
    assert mapped([field(extract="a.b"), field("k", hardCodedValue=1)], record=record) == {"k": 1}


PATHS = st.sampled_from(["a", "b", "a.b", "a.c", "b.0", "[x y]", "a[0].b", "list[*].a", "*.a", "zz", "l.k"])
RULES = st.fixed_dictionaries(
    {"generate": st.sampled_from(["o", "p", "o.q", "o.q.r", "[s t]", "p.u"])},
    optional={
        "extract": PATHS | st.just("{{a}}{{b}}"),
        "default": st.sampled_from(["", None, "1", {"q": 1}]),
        "dataType": st.sampled_from(["string", "stringarray"]),
        "discardIfEmpty": st.booleans(),
        "hardCodedValue": st.sampled_from(["", "h", None]),
        "conditional": st.sampled_from(
            [
                {"when": "record_created"},
                {"when": "record_updated"},
                {"when": "extract_not_empty"},
                {"when": "ignore_if_set"},
            ]
        ),
    },
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "x y", "l.k", "list"]), inner, max_size=4)
    ),
    max_leaves=10,
)
LISTS = st.fixed_dictionaries(
    {"generate": st.sampled_from(["rows", "o.rows"]), "fields": st.lists(RULES, max_size=3)},
    optional={"jsonPath": PATHS},
)


@given(st.lists(RULES, min_size=1, max_size=6), st.lists(LISTS, max_size=2), JSON)
@settings(max_examples=400, deadline=None)
def test_generated_code_maps_as_its_oracle_and_changes_no_record(
    fields: list[Any], lists: list[Any], record: Any
) -> None:
    try:
        mapped(fields, lists, record=record)
    except RuleError as error:
        assert {"The default does not fit the data type."} >= {problem.message for problem in error.problems}  # noqa: PT017  # the one reason


@given(st.permutations([(name, field(name, extract=name)) for name in ("a", "b", "c", "x y")]), JSON)
@settings(max_examples=60, deadline=None)
def test_order_of_output_is_order_of_rules(rules: list[tuple[str, dict[str, Any]]], record: Any) -> None:
    quoted = [{**rule, "generate": f"[{name}]"} for name, rule in rules]
    made = mapped(quoted, record=record)
    assert list(made) == [name for name, _ in rules if name in made]
    assert mapped(quoted, record=record) == made


def test_mappings_beyond_the_cap_are_run_by_the_oracle() -> None:
    rules = [field(f"k{number}", extract="name") for number in range(501)]
    assert mapped(rules) == {f"k{number}": "Ada" for number in range(501)}


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(RuleError, match="more than 5,000"):
        compile_mapping({"mapping": {"fields": [field(extract="a")] * 5_001}})


def test_a_list_may_be_written_into_an_item() -> None:
    rows = {"generate": "o[1].rows", "jsonPath": "items", "fields": [field("k", extract="sku")]}
    assert mapped([], [rows]) == {"o": [None, {"rows": [{"k": "A"}, {"k": "B"}]}]}


@pytest.mark.hostile(90)
@pytest.mark.parametrize(
    ("text", "made"),
    [("18446744073709551615", 2**64 - 1), ("18446744073709551616", 2.0**64), ("-" + "9" * 30, -1e30)],
)
def test_numbers_that_json_cannot_hold_become_doubles(text: str, made: float) -> None:
    assert mapped([field(extract="n", dataType="number")], record={"n": text}) == {"out": made}


@pytest.mark.hostile(90)
def test_numbers_beyond_doubles_are_refused() -> None:
    with pytest.raises(RecordError):
        mapped([field(extract="n", dataType="number")], record={"n": "9" * 390})


@pytest.mark.hostile(90)
def test_what_recurses_too_deep_fails_alone() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    many = [field(f"k{number}", extract="{{a}}") for number in range(501)]
    for rules in ([field(extract="{{#each a}}{{this}}{{/each}}{{a}}")], many):
        mapping = compile_mapping({"mapping": {"fields": rules}})
        with pytest.raises(RecordError):
            mapping.apply({"a": deep}, CREATE)
        assert mapping.explain({"a": deep}, CREATE).error is not None
