"""Templates that mean harm: hostile cases 83 to 88 and 92."""

import time
from typing import Any

import pytest

from isthmus.records import Destination, RecordError, RuleError, compile_template
from isthmus.records.limits import Limits


@pytest.mark.parametrize(
    "template",
    [
        "{{constructor}}",
        "{{__proto__}}",
        '{{lookup this "constructor"}}',
        "{{this.__class__.__mro__}}",
        "{{settings.__init__.__globals__}}",
        "{{#with this}}{{#with constructor}}x{{/with}}{{/with}}",
        "{{name.__len__}}",
        "{{name.format}}",
        "{{@root.constructor}}",
        '{{getValue "name.__class__"}}',
        "{{list.append}}",
        "{{list.__class__}}",
        "{{#each this.__dict__}}x{{/each}}",
        '{{pluck list "__class__"}}',
        "{{settings.keys}}{{settings.get}}",
    ],
)
@pytest.mark.hostile(83)
def test_nothing_but_plain_data_is_reached(template: str) -> None:
    assert compile_template(template).render({"name": "n", "settings": {}, "list": [{}]}).strip(",") == ""


@pytest.mark.hostile(83)
def test_nasty_keys_are_plain_keys() -> None:
    data = {"__proto__": 1, "constructor": 2, "__class__": {"__mro__": 3}, "__builtins__": 4, "rt": 5, "K0": 6}
    assert (
        compile_template("{{__proto__}}{{constructor}}{{__class__.__mro__}}{{__builtins__}}{{rt}}{{K0}}").render(data)
        == "123456"
    )


@pytest.mark.hostile(83)
def test_text_of_a_template_is_never_source() -> None:
    field = "x'); raise SystemExit #"
    text = f"'); import os; os.abort() #\n\\ {{{{[{field}]}}}}{{{{uppercase 'a\"); exit(); #'}}}}"
    assert compile_template(text).render({field: "y"}) == "'); import os; os.abort() #\n\\ yA\"); EXIT(); #"


def _costly(template: str, data: dict[str, Any], limits: Limits = Limits()) -> RecordError:  # noqa: B008  # frozen
    started = time.monotonic()
    with pytest.raises(RecordError) as caught:
        compile_template(template).render(data, limits=limits)
    assert time.monotonic() - started < 20, "it was stopped long before it was done"
    return caught.value


@pytest.mark.hostile(84)
def test_loops_run_out_of_fuel() -> None:
    nested = "{{#each @root.a}}" * 10 + "x" + "{{/each}}" * 10
    assert _costly(nested, {"a": list(range(1_000))}).code in ("template_too_costly", "template_too_slow")


@pytest.mark.hostile(84)
def test_output_is_capped() -> None:
    assert (
        _costly("{{#each a}}{{@root.big}}{{/each}}", {"a": [1] * 1_000, "big": "x" * 100_000}).code
        == "template_too_long"
    )
    assert _costly("{{#each a}}" + "y" * 10_000 + "{{/each}}", {"a": [1] * 10_000}).code == "template_too_long"


@pytest.mark.parametrize(
    "template",
    [
        '{{padLeft "x" 1000000000 "ab"}}',
        '{{padLeft "x" "1000000000"}}',
        '{{padRight "x" "1E300"}}',
        "{{replace big 'x' big}}",
        "{{join big many}}",
        "{{regexReplace big big 'x' 'g'}}",
    ],
)
@pytest.mark.hostile(84)
def test_helpers_make_nothing_huge(template: str) -> None:
    assert _costly(template, {"big": "x" * 10_000, "many": [1] * 10_000}).code == "template_too_long"


@pytest.mark.hostile(84)
def test_time_is_capped() -> None:
    limits = Limits(steps=10**9, seconds=0.05)
    assert (
        _costly("{{#each a}}{{#each @root.a}}{{/each}}{{/each}}", {"a": [1] * 10_000}, limits).code
        == "template_too_slow"
    )


@pytest.mark.hostile(84)
def test_a_template_of_a_megabyte() -> None:
    assert len(compile_template("x" * 999_999).render({})) == 999_999
    with pytest.raises(RuleError):
        compile_template("x" * 1_000_001)
    with pytest.raises(RuleError):
        compile_template("{{a}}" * 190_000)
    assert compile_template("{{a}}" * 20_000).render({"a": 1}) == "1" * 20_000


@pytest.mark.parametrize(
    "template",
    [
        "{{#if a}}" * 10_000 + "{{/if}}" * 10_000,
        "{{add " + "(add " * 10_000 + "1" + ")" * 10_000 + "}}",
        "{{" * 100_000,
        "{{#if a}}x" + "{{else if a}}y" * 10_000 + "{{/if}}",
        "{{{{a}}}}" * 10_000,
        "{{a.b" + ".b" * 400_000 + "}}",
    ],
    ids=["blocks", "sub-expressions", "braces", "else if", "raw blocks", "a long path"],
)
@pytest.mark.hostile(84)
def test_deep_templates_are_refused_or_run(template: str) -> None:
    try:
        assert compile_template(template).render({}) is not None
    except RuleError as error:
        assert "line 1" in error.problems[0].message  # noqa: PT017  # either is right


def test_blocks_may_nest_as_deep_as_the_cap() -> None:
    each = "{{#each a}}" * 30 + "{{this}}{{@../index}}{{../../b}}" + "{{/each}}" * 30
    data: Any = 7
    for _ in range(30):
        data = {"a": [data], "b": 1}
    inner = compile_template("{{#each a}}{{#each a}}{{this}}{{@../index}}{{../../b}}{{/each}}{{/each}}")
    assert inner.render({"a": [{"a": [5]}], "b": 9}) == "509"
    assert compile_template(each).render(data) == "701"
    ifs = "{{#if a}}" * 64 + "x" + "{{/if}}" * 64
    assert compile_template(ifs).render({"a": 1}) == "x"


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|aa)+$", "(.*)*x", r"^(\w+\s?)*$", "a{1000}{1000}", "(?=(a+)+$)b", r"(a|a)*\1b", "(" * 5_000],
)
@pytest.mark.hostile(85)
def test_patterns_end(pattern: str) -> None:
    template = compile_template("{{regexMatch text pattern}}")
    started = time.monotonic()
    try:
        assert template.render({"text": "a" * 5_000 + "!", "pattern": pattern}) is not None
    except RecordError as error:
        assert error.code in ("regex_too_slow", "helper_failed", "template_too_slow")  # noqa: PT017  # either is right
    assert time.monotonic() - started < 10


@pytest.mark.hostile(85)
def test_a_huge_pattern_is_refused() -> None:
    assert _costly("{{regexMatch 'a' pattern}}", {"pattern": "a" * 100_000}).code == "helper_failed"


@pytest.mark.hostile(88)
def test_values_are_never_templates() -> None:
    data = {"x": "{{connection.http.encrypted.token}}", "connection": {"http": {"encrypted": {"token": "CANARY-1"}}}}
    for template in ("{{x}}", "{{{x}}}", "{{#with x}}{{this}}{{/with}}", "{{getValue 'x'}}"):
        assert "CANARY" not in compile_template(template).render(data)


@pytest.mark.parametrize("destination", list(Destination))
def test_half_a_character_is_a_record_error(destination: Destination) -> None:
    with pytest.raises(RecordError) as caught:
        compile_template("{{x}}", destination).render({"x": "a\ud800b"})
    assert caught.value.code == "invalid_text"


@pytest.mark.hostile(90)
def test_deep_data_is_a_record_error() -> None:
    deep: Any = []
    for _ in range(10_000):
        deep = [deep]
    for template in ("{{x}}", "{{jsonSerialize x}}", "{{join '-' x}}", "{{sort x}}", "{{uppercase x}}"):
        with pytest.raises(RecordError):
            compile_template(template).render({"x": [deep, deep]})


@pytest.mark.parametrize(
    "template",
    [
        "{{toFixed 1 1000}}",
        "{{toPrecision 1 0}}",
        "{{dateAdd 'x' 1}}",
        "{{dateFormat 'YYYY' 'x'}}",
        "{{jsonParse 'x'}}",
        "{{dateAdd '2025-01-01' '1e300'}}",
        "{{hash 'sha999' 'hex' 'a'}}",
        "{{hash 'md5' 'octal' 'a'}}",
        "{{regexMatch 'a' '('}}",
        "{{dateFormat 'YYYY' '2025-01-01' '' 'Etc/../../x'}}",
        "{{base64Decode 'YQ' 'klingon'}}",
        "{{timestamp 'YYYY' 'Nowhere/X'}}",
    ],
)
def test_a_helper_that_cannot_is_a_record_error(template: str) -> None:
    with pytest.raises(RecordError):
        compile_template(template).render({})


@pytest.mark.hostile(92)
def test_the_same_in_and_the_same_out() -> None:
    template = compile_template("{{#each record}}{{@key}}={{this}};{{/each}}")
    data = {"record": {"b": 1, "a": [2], "connection": "x"}, "connection": {"token": "CANARY-2"}}
    first = template.render(data)
    assert all(template.render(data) == first for _ in range(5))
    assert "CANARY" not in first
