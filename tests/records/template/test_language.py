"""The language of templates: handlebars.md section 1, and standard Handlebars where that says nothing."""

from typing import Any

import pytest

from isthmus.records import Destination, RecordError, RuleError, compile_template

DATA: dict[str, Any] = {
    "name": "Ada",
    "empty": "",
    "zero": 0,
    "none": None,
    "yes": True,
    "list": ["a", "b"],
    "nums": [1, 2, 3],
    "nothing": [],
    "object": {"a": 1, "b": {"c": 2}},
    "people": [{"name": "Bob", "tags": ["x", "y"]}, {"name": "Cy", "tags": []}],
    "record": {"Field Name": "spaced", "items": [{"sku": "S1"}, {"sku": "S2"}], "x.y": "dotted"},
    "uppercase": "field",
    "keys": {"b": 1, "1": 2},
}


@pytest.mark.parametrize(
    ("template", "output"),
    [
        pytest.param("{{name}}", "Ada", id="name"),
        pytest.param("{{ name }}", "Ada", id="a space after the braces is accepted"),
        pytest.param("{{{name}}}", "Ada", id="triple"),
        pytest.param("{{&name}}", "Ada", id="ampersand"),
        pytest.param("{{missing}}|{{none}}|{{empty}}", "||", id="missing, null and empty"),
        pytest.param("{{missing.deep.er}}", "", id="missing, deep"),
        pytest.param("{{yes}}{{zero}}", "true0", id="scalars"),
        pytest.param("{{list}} {{object}}", "a,b [object Object]", id="JS String()"),
        pytest.param("{{record.[Field Name]}}", "spaced", id="record.[Field Name]"),
        pytest.param('{{record."x.y"}}', "dotted", id='record."x"'),
        pytest.param("{{record.items.[0].sku}}", "S1", id="items.[0].sku"),
        pytest.param("{{record.items.1.sku}}", "S2", id="items.1.sku"),
        pytest.param("{{record/items/length}} {{name.length}}", "2 3", id="length, slashes"),
        pytest.param(r"\{{name}} {{name}}", "{{name}} Ada", id="escaped"),
        pytest.param(r"\\{{name}}", "\\Ada", id="escaped backslash"),
        pytest.param(r"\{{a}}\{{b}}", "{{a}}{{b}}", id="two escaped"),
        pytest.param("{{{{raw}}}} {{name}} {{{{/raw}}}}", " {{name}} ", id="raw block"),
        pytest.param("a{{! comment }}b{{!-- }} --}}c", "abc", id="comments"),
        pytest.param("{{uppercase name}}", "ADA", id="helper"),
        pytest.param(
            "{{uppercase}}|{{this.uppercase}}|{{[uppercase]}}", "|field|field", id="a helper wins over a field"
        ),
        pytest.param("{{uppercase (lowercase (uppercase name))}}", "ADA", id="sub-expressions"),
        pytest.param('{{join "-" list "c"}}', "a-b-c", id="lists stay lists inside"),
        pytest.param(
            "{{#each people}}{{name}}:{{#each tags}}{{this}}{{../name}}{{/each}};{{/each}}",
            "Bob:xBobyBob;Cy:;",
            id="../",
        ),
        pytest.param(
            "{{#each people}}{{@index}}{{@first}}{{@last}} {{/each}}",
            "0truefalse 1falsetrue ",
            id="@index @first @last",
        ),
        pytest.param(
            "{{#each people}}{{#each tags}}{{@../index}}{{@index}} {{/each}}{{/each}}", "00 01 ", id="@../index"
        ),
        pytest.param("{{#each list}}{{@root.name}}{{@key}}{{/each}}", "Ada0Ada1", id="@root, @key of a list"),
        pytest.param("{{#each keys}}{{@key}}{{this}}{{/each}}", "12b1", id="keys in the order of JavaScript"),
        pytest.param("{{#each object.b}}{{@key}}={{this}}{{/each}}", "c=2", id="members"),
        pytest.param("{{#each people as |p i|}}{{i}}{{p.name}}{{/each}}", "0Bob1Cy", id="block parameters"),
        pytest.param("{{#with object as |o|}}{{o.b.c}}{{/with}}", "2", id="block parameter of with"),
        pytest.param(
            "{{#if name}}{{#with object}}{{../name}}{{a}}{{/with}}{{/if}}", "Ada1", id="if has no context of its own"
        ),
        pytest.param("{{#if nothing}}a{{else if zero}}b{{else if yes}}c{{else}}d{{/if}}", "c", id="else if"),
        pytest.param("{{#if zero includeZero=true}}y{{/if}}", "y", id="includeZero"),
        pytest.param("{{^name}}n{{else}}y{{/name}}{{^missing}}m{{/missing}}", "ym", id="inverse sections"),
        pytest.param("{{#if none}}a{{^}}b{{/if}}", "b", id="caret is else"),
        pytest.param(
            "{{#list}}{{this}}{{/list}}{{#object}}{{a}}{{/object}}{{#yes}}{{name}}{{/yes}}", "ab1Ada", id="sections"
        ),
        pytest.param("{{#nothing}}x{{else}}e{{/nothing}}{{#missing}}x{{/missing}}", "e", id="empty sections"),
        pytest.param("{{#each list}}{{.}}{{this}}{{/each}}", "aabb", id="dot and this"),
        pytest.param('{{"name"}} {{[name]}}', "Ada Ada", id="names in quotes and brackets"),
        pytest.param("{{list.0}}{{record.items.0.sku}}{{list/1}}", "aS1b", id="items.0.sku"),
        pytest.param("a {{~{name}~}} b", "aAdab", id="whitespace control of a raw value"),
        pytest.param("{{!--}}a{{! b }}", "a", id="a comment of dashes"),
        pytest.param("{{#each list as |uppercase|}}{{uppercase}}{{/each}}", "ab", id="a block parameter wins"),
        pytest.param("{{#yes}}{{../name}}|{{name}}{{/yes}}", "|Ada", id="a block that keeps the context is no level"),
        pytest.param(
            "{{#each people}}{{#with this}}{{@../index}}{{@index}}{{/with}}{{/each}}", "01", id="with has no frame"
        ),
        pytest.param("{{@root.zero.a}}{{@root.name.length}}", "03", id="beyond a false value of @root"),
        pytest.param("{{x}}}", "}", id="a brace right after the tag is text"),
        pytest.param('{"a":{{zero}}}', '{"a":0}', id="a JSON body"),
        pytest.param("a {{~name~}} b", "aAdab", id="whitespace control"),
        pytest.param(
            "a\n{{#if yes}}\n  b\n{{else}}\n  c\n{{/if}}\nd", "a\n  b\nd", id="block tags alone on their lines"
        ),
        pytest.param("a\n  {{! note }}\nb", "a\nb", id="a comment alone on its line"),
        pytest.param("  {{#each list}}\n- {{this}}\n  {{/each}}\n", "- a\n- b\n", id="a list"),
        pytest.param("{{#each list}} {{~#if @first}}F{{/if~}} {{this}}{{/each}}", "Fab", id="whitespace around blocks"),
        pytest.param("{{add 1 -2.5}}{{eq null undefined}}", "-1.5true", id="literals"),
        pytest.param("{{lookup object 'a'}}{{lookup list 1}}{{lookup object '__class__'}}", "1b", id="built-in lookup"),
        pytest.param('{{sort nums reverse="true" }}', "3,2,1", id="named options"),
        pytest.param("{{@index}}{{@nothing}}{{../../name}}", "", id="what is not there"),
    ],
)
def test_prints(template: str, output: str) -> None:
    assert compile_template(template).render(DATA) == output


@pytest.mark.parametrize(
    ("template", "line", "column", "why"),
    [
        ("{{#if a}}", 1, 1, "not closed"),
        ("a\n {{#if a}}{{/each}}", 2, 11, "is closed"),
        ("{{/if}}", 1, 1, "not open"),
        ("x {{nope a}}", 1, 3, "no helper 'nope'"),
        ("x\n\n{{#nope a}}{{/nope}}", 3, 1, "no block helper 'nope'"),
        ("{{a", 1, 1, "not closed"),
        ("{{a b=}}", 1, 1, "missing"),
        ("{{}}", 1, 1, "missing"),
        ("{{else}}", 1, 1, "outside"),
        ("{{#if a}}{{else}}{{else}}{{/if}}", 1, 18, "twice"),
        ("{{> ../../etc}}", 1, 3, "partials"),
        ("{{#> layout}}{{/layout}}", 1, 4, "partials"),
        ('{{#*inline "x"}}{{/inline}}', 1, 4, "decorators"),
        ("{{a/../b}}", 1, 5, "begin a path"),
        ("{{#if}}{{/if}}", 1, 1, "needs exactly one argument"),
        ("{{#if a b}}{{/if}}", 1, 1, "needs exactly one argument"),
        ("{{#each}}{{/each}}", 1, 1, "needs exactly one argument"),
        ("{{add 1 a=2 3}}", 1, 13, "before named options"),
        ("{{(add 1 2}}", 1, 1, "')' is missing"),
        ("{{!-- open", 1, 1, "comment"),
        ("{{{{raw}}}} x", 1, 1, "raw block"),
        ("{{a as |b|}}", 1, 1, "block parameters"),
        ('{{"open}}', 1, 3, "cannot stand"),
    ],
)
def test_refuses(template: str, line: int, column: int, why: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_template(template)
    message = caught.value.problems[0].message
    assert f"line {line}, column {column}" in message
    assert why in message


def test_refuses_what_is_no_text() -> None:
    with pytest.raises(RuleError):
        compile_template(5)  # type: ignore[arg-type]  # that is the point


NASTY = "a'b\"c<d>&e\\ f\r\nX: 1\u00e9"


@pytest.mark.parametrize(
    ("destination", "output"),
    [
        (Destination.PLAIN, NASTY),
        (Destination.URI, "a'b%22c%3Cd%3E%26e%5C%20f%0D%0AX%3A%201%C3%A9"),
        (Destination.JSON, "a'b\\\"c<d>&e\\\\ f\\r\\nX: 1\u00e9"),
        (Destination.XML, "a&#39;b&quot;c&lt;d&gt;&amp;e\\ f\r\nX: 1\u00e9"),
        (Destination.SQL, "'a''b\"c<d>&e\\ f\r\nX: 1\u00e9'"),
        (Destination.HEADER, "a'b\"c<d>&e\\ f X: 1\u00e9"),
        (Destination.FORM, "a%27b%22c%3Cd%3E%26e%5C+f%0D%0AX%3A+1%C3%A9"),
    ],
    ids=lambda value: value.name if isinstance(value, Destination) else "",
)
@pytest.mark.hostile(86)
def test_formats_by_destination(destination: Destination, output: str) -> None:
    assert compile_template("{{x}}", destination).render({"x": NASTY}) == output


@pytest.mark.parametrize("braces", ["{{x}}", "{{{x}}}"])
@pytest.mark.hostile(86)
def test_no_header_has_line_breaks(braces: str) -> None:
    template = compile_template(f"a\r\n {braces}", Destination.HEADER)
    assert template.render({"x": "1\r\nX-Evil: 1\n"}) == "a 1 X-Evil: 1"
    with pytest.raises(RecordError):
        template.render({"x": "a\0b"})


@pytest.mark.parametrize("destination", list(Destination))
def test_triple_stash_is_raw(destination: Destination) -> None:
    assert compile_template("{{{x}}}", destination).render({"x": "a&b 'c'"}) == "a&b 'c'"


@pytest.mark.parametrize(
    ("template", "destination", "output"),
    [
        ("{{encodeURI x}}", Destination.URI, "a%20b"),
        ("{{jsonEncode y}}", Destination.JSON, '\\"'),
        ("{{jsonSerialize y}}", Destination.JSON, '"\\""'),
        ("{{htmlEncode y}}", Destination.XML, "&quot;"),
        ("{{uppercase x}}", Destination.URI, "A%20B"),
    ],
)
def test_what_a_helper_encoded_is_not_encoded_again(template: str, destination: Destination, output: str) -> None:
    assert compile_template(template, destination).render({"x": "a b", "y": '"'}) == output


@pytest.mark.parametrize(
    ("template", "ok"),
    [
        ("{{record.a}}", True),
        ("{{record.none}}", True),
        ("{{record.zz}}", False),
        ("{{{zz}}}", False),
        ("{{#zz}}{{/zz}}", False),
        ("{{#if zz}}{{/if}}", True),
        ("{{uppercase zz}}", True),
    ],
)
def test_strict(template: str, ok: bool) -> None:  # noqa: FBT001  # a table
    strict = compile_template(template, strict=True)
    context = {"record": {"a": 1, "none": None}}
    if ok:
        strict.render(context)
    else:
        with pytest.raises(RecordError) as caught:
            strict.render(context)
        assert caught.value.code == "missing_reference"


def test_static_texts_are_known() -> None:
    assert compile_template("plain {{! only a comment }}").is_static
    assert not compile_template("{{a}}").is_static


def test_lookups() -> None:
    tables: list[dict[str, Any]] = [
        {"name": "colour", "map": {"1": "red"}},
        {"name": "soft", "map": {}, "allowFailures": True, "default": "?"},
    ]
    template = compile_template('{{lookup "colour" code}}{{lookup "soft" code}}{{lookup.live}}', lookups=tables)
    assert template.lookups == ("colour", "soft", "live")
    assert template.render({"code": 1, "lookup": {"live": "L"}}) == "red?L"
    with pytest.raises(RecordError) as caught:
        template.render({"code": 2})
    assert caught.value.source == "lookup"


def test_the_context_may_be_any_mapping_and_stays() -> None:
    context = {"a": {"b": [1]}}
    assert compile_template("{{a.b}}").render(context) == "1"
    assert context == {"a": {"b": [1]}}
