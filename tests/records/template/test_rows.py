"""Every row and example of handlebars.md sections 3 to 6, under the name that it has there."""

import re
from typing import Any

import pytest

from isthmus.records import compile_template

LIST = {"t": ["a", "b"], "nums": [2, 5, 7, 8, 9], "four": ["a", "b", "c", "d"], "none": None, "empty": [], "obj": {}}
ITEMS = {"items": [{"sku": 1, "k": {"c": "x"}}, {"sku": 2, "k": {"c": "X"}}, {"sku": 3, "k": {"c": "x"}}]}
DATA: dict[str, Any] = {
    **LIST, **ITEMS, "zero": 0, "text": "12345", "memo": "The quick brown fox jumps", "s": "", "five": 5,
    "path": {"b": 1, "n": None}, "lookup": {"code": "L"}, "yes": True, "deep": {"x": {"y": [1]}},
    "connection": {"http": {"encrypted": {"k": "key"}}}, "record": {"payload": "abc", "t": ["a", "b"]},
    "url": "http://foo/x?a=1", "dup": ["b", "a", "b", 1, "1"],
}  # fmt: skip


def _y(head: str) -> str:
    return f"{{{{#{head}}}}}y{{{{else}}}}n{{{{/{head.split(maxsplit=1)[0]}}}}}"


BLOCKS = [
    ("#each of a list", "{{#each record.t}}{{this}};{{/each}}", "a;b;"),
    ("#each of an object", "{{#each path}}{{@index}}{{@key}}{{@first}}{{@last}};{{/each}}", "0btruefalse;1nfalsetrue;"),
    ("#each of nothing", "{{#each empty}}x{{else}}e{{/each}}{{#each gone}}x{{else}}e{{/each}}", "ee"),
    ("#if falsy", "".join(_y(f"if {x}") for x in ("false", "undefined", "null", '""', "0", "empty")), "nnnnnn"),
    ("#unless falsy", "".join(_y(f"unless {x}") for x in ("false", "undefined", "null", '""', "0", "empty")), "yyyyyy"),
    ("#if truthy", "".join(_y(f"if {x}") for x in ("true", "obj", '"0"', "-1", "t")), "yyyyy"),
    ("#with", "{{#with deep.x}}{{y}}{{/with}}{{#with gone}}x{{else}}e{{/with}}", "1e"),
    ("#compare ==", _y('compare five "==" "5"') + _y('compare five "!=" "5"'), "yn"),
    ("#compare ===", _y('compare five "===" "5"') + _y('compare five "!==" "5"'), "ny"),
    ("#compare < <= > >=", "".join(_y(f'compare 5 "{op}" 5') for op in ("<", "<=", ">", ">=")), "nyny"),
    ("#compare of texts is lexicographic", _y('compare "50" ">" "100"') + _y('compare "9" ">" "10"'), "yy"),
    ("#compare of numbers is numeric", _y('compare 50 ">" 100') + _y('compare 9 ">" 10'), "nn"),
    ("#compare typeof", _y('compare text "typeof" "string"'), "y"),
    ("#and", _y('and "0" 1') + _y("and 0 1"), "yn"),
    ("#or", _y('or "0" 0') + _y('or 0 ""'), "yn"),
    ("#neither", _y('neither 0 ""') + _y("neither 0 1"), "yn"),
    ("#not", _y("not 0") + _y("not 1"), "yn"),
    ("#not: [] is truthy here", _y("not empty") + _y("if empty"), "nn"),
    ("#contains", _y('contains text "5"') + _y('contains t "b"') + _y('contains t "z"'), "yyn"),
    ("#contains without else", '{{#contains text "9"}}y{{/contains}}', ""),
    (
        "#inArray",
        _y("inArray nums 5") + _y('inArray nums "5"') + _y("inArray text 5") + _y("inArray items obj"),
        "ynnn",
    ),
    ("#filter by path", '{{#filter items "x" "k.c"}}{{sku}};{{else}}n{{/filter}}', "1;3;"),
    ("#filter of primitives", '{{#filter four "c"}}{{this}}{{/filter}}', "c"),
    ("#filter: case-sensitive, none: else", '{{#filter items "y" "k.c"}}x{{else}}n{{/filter}}', "n"),
    ("#filter of []", '{{#filter empty "x"}}x{{else}}n{{/filter}}', "n"),
    ("#filter of no list", '{{#filter text "x"}}x{{else}}n{{/filter}}{{#filter gone "x"}}x{{else}}n{{/filter}}', ""),
    ("#some isFalsy", _y('some nums "isFalsy"'), "n"),
    ("#some isTruthy", _y('some nums "isTruthy"'), "y"),
    ("#some isArray", _y('some t "isArray"'), "n"),
    ("#some isString", _y('some t "isString"'), "y"),
    ("#some isObject", _y('some items "isObject"'), "y"),
    ("#some isNumber", _y('some nums "isNumber"'), "y"),
    ("#some isBoolean", _y('some t "isBoolean"'), "n"),
    ("#startsWith", _y('startsWith "12" text') + _y('startsWith "2" text') + _y('startsWith "A" "abc"'), "ynn"),
    ("#startsWith: missing argument", _y('startsWith "12" gone') + _y("startsWith gone text"), ""),
    ("#ifEven", _y('ifEven "2"') + _y("ifEven 3"), "yn"),
    ("#isEmpty", "".join(_y(f"isEmpty {x}") for x in ("empty", "obj", "null", "gone", "t", "path")), "yyyynn"),
    ("#isEmpty of other scalars", _y("isEmpty 5") + _y('isEmpty "x"'), "yy"),
]
INLINE = [
    ("abs", '{{abs "-123"}}', "123"),
    ("add", '{{add "2" "5"}} {{add 1 2 3 4}}', "7 10"),
    ("numbers: non-numeric is NaN", '{{add "x" 1}} {{round "x"}} {{multiply s 2}}', "NaN NaN NaN"),
    ("subtract", '{{subtract "6" "3"}}', "3"),
    ("multiply", '{{multiply 100 "0.9"}}', "90"),
    ("divide", '{{divide "2002" "100"}}', "20.02"),
    ("modulo", "{{modulo 7 3}} {{modulo -7 3}}", "1 -1"),
    ("sum", "{{sum nums}} {{sum 1 2}}", "31 3"),
    ("avg", "{{avg 2 5 2}}", "3"),
    ("ceil", "{{ceil 45.02}} {{ceil -2.8}}", "46 -2"),
    ("floor", "{{floor 22.44}} {{floor -2.8}}", "22 -3"),
    ("round", '{{round "29.77"}}', "30"),
    ("toFixed", "{{toFixed 29.7777 2}}", "29.78"),
    ("toPrecision", "{{toPrecision 123.00 2}} {{toPrecision 123456 5}}", "1.2e+2 1.2346e+5"),
    ("toExponential", '{{toExponential "12345" 2}}', "1.23e+4"),
    ("addCommas", '{{addCommas 1234567}}|{{addCommas "x"}}|{{addCommas none}}', "1,234,567||"),
    ("bytes", '{{bytes 13661855}} {{bytes 1396}} {{bytes "foo"}}', "13.66 MB 1.4 kB 3 B"),
    ("bytes: 825399 is rounded", "{{bytes 825399}}", "825.4 kB"),
    (
        "ordinalize",
        "{{ordinalize 1}}{{ordinalize 2}}{{ordinalize 3}}{{ordinalize 11}}{{ordinalize 22}}",
        "1st2nd3rd11th22nd",
    ),
    ("uppercase / lowercase", '{{uppercase "aB"}}{{lowercase "aB"}}{{uppercase none}}', "ABab"),
    ("capitalize / capitalizeAll", '{{capitalize "the fOx"}} {{capitalizeAll "the fOx"}}', "The fOx The FOx"),
    (
        "camelcase / pascalcase",
        '{{camelcase "hand crafted item"}} {{pascalcase "hand crafted item"}}',
        "handCraftedItem HandCraftedItem",
    ),
    (
        "camelcase of capitals and digits",
        '{{camelcase "HELLO&WORLD"}} {{camelcase "order_123_id"}}',
        "helloWorld order123Id",
    ),
    (
        "snakecase / dashcase / dotcase / pathcase",
        '{{snakecase "a-b-c d_e"}} {{dashcase "a-b-c d_e"}} {{dotcase "a-b-c d_e"}} {{pathcase "a-b-c d_e"}}',
        "a_b_c_d_e a-b-c-d-e a.b.c.d.e a/b/c/d/e",
    ),
    ("snakecase splits camel case", '{{snakecase "getUserProfile"}}', "get_user_profile"),
    (
        "sentence",
        '{{sentence "hello world. goodbye"}} {{sentence "WHO? ME! YES"}}',
        "Hello world. Goodbye Who? Me! Yes",
    ),
    ("trim / trimLeft / trimRight", '[{{trim " a "}}][{{trimLeft " a "}}][{{trimRight " a "}}]', "[a][a ][ a]"),
    ("chop", '{{chop " Hello*&^World- "}}', "Hello*&^World"),
    (
        "padLeft / padRight",
        '{{padLeft "CUST123" 10 "0"}} {{padRight "a" 4 "xy"}} {{padLeft "abc" 2}}',
        "000CUST123 axyx abc",
    ),
    ("replace", '{{replace "a.b.a" "a" "c"}} {{replace "a.b" "." "-"}}', "c.b.c a-b"),
    ("replacefirst / removefirst", '{{replacefirst "a b a" "a" "x"}}|{{removefirst "a b a" "a"}}', "x b a| b a"),
    ("substring", "{{substring memo 10 19}}", "brown fox"),
    ("split", '{{split "A-B-C" "-" 2}}', "C"),
    ("join", '{{join "-" "a" t "z"}}', "a-a-b-z"),
    (
        "truncateWords",
        '{{truncateWords "foo bar baz" 2}}|{{truncateWords "foo bar" 0}}|{{truncateWords "a b" 5}}',
        "foo bar…|…|a b",
    ),
    ("truncateWords: negative or no number", '{{truncateWords "a" -1}}{{truncateWords "a" "x"}}', ""),
    (
        "occurrences",
        '{{occurrences "foo bar foo" "foo"}} {{occurrences "aaa" "aa"}} {{occurrences "Foo" "foo"}}',
        "2 1 0",
    ),
    ("reverse", '{{reverse "abc"}} {{reverse nums}}', "cba 9,8,7,5,2"),
    ("sanitize", '{{sanitize "<p>a <b>b</b></p>"}}', "a b"),
    ("after / before", "{{after four 2}} {{before four 2}}", "c,d a,b"),
    ("sort", '{{sort (arrayify "2")}} {{sort nums reverse="true"}}', "2 9,8,7,5,2"),
    ("unique", "{{unique dup}}", "b,a,1,1"),
    (
        "pluck",
        '{{jsonSerialize (pluck items "k.c")}} {{jsonSerialize (pluck items "z")}}',
        '["x","X","x"] [null,null,null]',
    ),
    (
        "arrayify",
        '{{jsonSerialize (arrayify none)}}{{jsonSerialize (arrayify gone)}}{{jsonSerialize (arrayify "v")}}',
        '[][]["v"]',
    ),
    ("getValue", '{{getValue "path.b"}} {{getValue "path.n" "d"}} {{getValue "path.z" "d"}}', "1 d d"),
    ("lookup.name", "{{lookup.code}}", "L"),
    ("lookup of a name, else of an object", '{{lookup "code"}} {{lookup path "b"}}', "L 1"),
    ("dateFormat", '{{dateFormat "MM-DD-YYYY" "2025-03-26T12:34:56Z"}}', "03-26-2025"),
    ("dateFormat with an input format", '{{dateFormat "YYYY-MM-DD" "26/03/2025" "DD/MM/YYYY"}}', "2025-03-26"),
    ('dateFormat: in="" skips', '{{dateFormat "HH:mm" "2025-03-26T12:34:56Z" "" "America/New_York"}}', "08:34"),
    ("dateAdd", '{{dateAdd "2025-03-26T12:34:56Z" "86400000"}}', "2025-03-27T12:34:56.000Z"),
    (
        "dateAdd with a zone keeps milliseconds",
        '{{dateAdd "2025-03-26T00:00:00Z" "86400000" "Asia/Singapore"}}',
        "2025-03-27T08:00:00.000+08:00",
    ),
    (
        "dateAdd 1E6 and a free-form date",
        '{{dateAdd "Mon Nov 21 2019 20:00:00 GMT+0000" "1E6"}}',
        "2019-11-21T20:16:40.000Z",
    ),
    ("regexMatch", r'{{regexMatch "id=42;" "id=(\d+)"}} {{regexMatch "id=42;" "id=(\d+)" 1}}', "id=42 42"),
    ("regexMatch without a match", '[{{regexMatch "a" "b"}}]', "[]"),
    ("regexMatch: flags in slot 3", '{{regexMatch "ab" "B" "i"}}{{regexMatch "aBb" "b" "gi"}}', "bB"),
    ("regexReplace", '{{regexReplace "a1b2" "-" "[0-9]"}} {{regexReplace "a1b2" "-" "[0-9]" "g"}}', "a-b2 a-b-"),
    ("regexSearch", r'{{regexSearch "$1499.95" "\."}} {{regexSearch "a" "b"}}', "5 -1"),
    ("base64Encode", '{{base64Encode "Hello World!"}}', "SGVsbG8gV29ybGQh"),
    ('base64Encode "hex"', '{{base64Encode "Hello" "hex"}}', "48656c6c6f"),
    (
        "base64Decode",
        '{{base64Decode "SGVsbG8gV29ybGQh"}} {{base64Decode "SGVsbG8gV29ybGQh" "hex"}}',
        "Hello World! 48656c6c6f20576f726c6421",
    ),
    ("encodeURI", '{{encodeURI ",/?:@&=+$#"}}', "%2C%2F%3F%3A%40%26%3D%2B%24%23"),
    ("decodeURI", '{{decodeURI "a%20b"}} {{decodeURI "100%"}}', "a b 100%"),
    (
        "htmlEncode / htmlDecode",
        """{{htmlEncode "<>&'"}} {{htmlDecode "&lt;&gt;&amp;&quot;&#39;"}}""",
        "&lt;&gt;&amp;&#39; <>&\"'",
    ),
    (
        "jsonEncode",
        r"""{{jsonEncode 'a"b'}} {{jsonEncode obj}} {{jsonEncode 5}} {{jsonEncode true}}""",
        r"a\"b [object Object] 5 true",
    ),
    ("jsonSerialize / jsonStringify", "{{jsonSerialize deep}} {{jsonStringify t}}", '{"x":{"y":[1]}} ["a","b"]'),
    (
        "jsonParse",
        """{{#with (jsonParse '{"b":[1]}')}}{{b}}{{/with}}{{#each (jsonParse "[1,2]")}}{{this}}{{/each}}""",
        "112",
    ),
    ("stripProtocol", '{{stripProtocol "http://foo/x"}}', "//foo/x"),
    ("stripQuerystring", '{{stripQuerystring url}} {{stripQuerystring "/x#f"}}', "http://foo/x /x#f"),
    (
        "hash",
        '{{hash "md5" "hex" "abc"}} {{hash "sha1" "base64" "abc"}}',
        "900150983cd24fb0d6963f7d28e17f72 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
    ),
    (
        "hmac",
        '{{hmac "sha256" connection.http.encrypted.k "hex" record.payload}}',
        "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab",
    ),
    ("eq", '{{eq 5 "5"}} {{eq 5 6}}', "true false"),
    ("isTruthy / isFalsey", "{{isTruthy empty}} {{isFalsey s}}", "true true"),
    (
        "hasNoItems / hasOwn",
        '{{hasNoItems empty}} {{hasNoItems obj}} {{hasOwn path "n"}} {{hasOwn path "z"}}',
        "true true true false",
    ),
    (
        "typeOf",
        '{{typeOf 1}} {{typeOf "a"}} {{typeOf yes}} {{typeOf t}} {{typeOf obj}} {{typeOf none}} {{typeOf gone}}',
        "number string boolean array object object undefined",
    ),
]
ODDITIES = [
    ("compare lexicographic", _y('compare "50" ">" "100"'), "y"),
    ("jsonEncode quotes", '{{jsonEncode "a"}}', "a"),
    ("split default index", '{{split "A-B-C" "-"}}', "A"),
    ("before() drops the last n", "{{before four 1}}", "a,b,c"),
    ("#not [] vs #if []", _y("not empty") + _y("if empty"), "nn"),
    ("toExponential form", "{{toExponential 12345 0}}", "1e+4"),
    ("dateFormat argument order", '{{dateFormat "HH" "2025-03-26T12:00:00Z" "Asia/Tokyo"}}', "21"),
    ("hash argument order", '{{hash "md5" "any key" "hex" "abc"}}', "900150983cd24fb0d6963f7d28e17f72"),
    ("dateAdd is ms", '{{dateAdd "2025-03-26T00:00:00Z" 86400000}}', "2025-03-27T00:00:00.000Z"),
    ("MM in HH:MM:SS is the month", '{{dateFormat "HH:MM:SS" "2025-03-26T12:34:56.780Z"}}', "12:03:78"),
]
RANDOM = [
    ('random "crypto"', '{{random "crypto"}}', r"[0-9a-f]{32}"),
    ('random "uuid"', '{{random "uuid"}}', r"[0-9a-f-]{32,36}"),
    ('random "number" 8', '{{random "number" 8}}', r"\d{8}"),
    ("timestamp", "{{timestamp}}", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    ("timestamp: UTC unless told", '{{timestamp "Z"}} {{timestamp "Z" "Asia/Kolkata"}}', r"\+00:00 \+05:30"),
]
SECTIONS = (("3", BLOCKS), ("4", INLINE), ("6", ODDITIES))
ROWS = [pytest.param(*row[1:], id=f"{section}: {row[0]}") for section, rows in SECTIONS for row in rows]


@pytest.mark.parametrize(("template", "output"), ROWS)
def test_row(template: str, output: str) -> None:
    assert compile_template(template).render(DATA) == output


@pytest.mark.parametrize(("template", "pattern"), [pytest.param(*row[1:], id=f"4: {row[0]}") for row in RANDOM])
def test_row_that_changes(template: str, pattern: str) -> None:
    assert re.fullmatch(pattern, compile_template(template).render(DATA))


# 5: for Wednesday, 1 January 2025, 00:05:09.042 UTC, and Sunday, 29 December 2024, 15:30:00 UTC.
DATES = ("2025-01-01T00:05:09.042Z", "2024-12-29T15:30:00Z")
TOKENS = {
    "M": "1 12", "Mo": "1st 12th", "MM": "01 12", "MMM": "Jan Dec", "MMMM": "January December", "Q": "1 4",
    "Qo": "1st 4th", "D": "1 29", "Do": "1st 29th", "DD": "01 29", "DDD": "1 364", "DDDo": "1st 364th",
    "DDDD": "001 364", "d": "3 0", "do": "3rd 0th", "dd": "We Su", "ddd": "Wed Sun", "dddd": "Wednesday Sunday",
    "e": "3 0", "E": "3 7", "w": "1 1", "wo": "1st 1st", "ww": "01 01", "W": "1 52", "Wo": "1st 52nd", "WW": "01 52",
    "YY": "25 24", "YYYY": "2025 2024", "gg": "25 25", "gggg": "2025 2025", "GG": "25 24", "GGGG": "2025 2024",
    "A": "AM PM", "a": "am pm", "H": "0 15", "HH": "00 15", "h": "12 3", "hh": "12 03", "m": "5 30", "mm": "05 30",
    "s": "9 0", "ss": "09 00", "S": "0 0", "SS": "04 00", "SSS": "042 000", "Z": "+00:00 +00:00", "ZZ": "+0000 +0000",
    "X": "1735689909 1735486200", "x": "1735689909042 1735486200000", "LT": "12:05 AM 3:30 PM",
    "LTS": "12:05:09 AM 3:30:00 PM", "L": "01/01/2025 12/29/2024", "l": "1/1/2025 12/29/2024",
    "LL": "January 1, 2025 December 29, 2024", "ll": "Jan 1, 2025 Dec 29, 2024",
    "LLL": "January 1, 2025 12:05 AM December 29, 2024 3:30 PM", "lll": "Jan 1, 2025 12:05 AM Dec 29, 2024 3:30 PM",
    "LLLL": "Wednesday, January 1, 2025 12:05 AM Sunday, December 29, 2024 3:30 PM",
    "llll": "Wed, Jan 1, 2025 12:05 AM Sun, Dec 29, 2024 3:30 PM", "[literal M]": "literal M literal M",
}  # fmt: skip


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: f"5: {token}")
def test_date_token(token: str) -> None:
    template = compile_template("{{dateFormat f a}} {{dateFormat f b}}")
    assert template.render({"f": token, "a": DATES[0], "b": DATES[1]}) == TOKENS[token]
