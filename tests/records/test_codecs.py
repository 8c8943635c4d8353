"""Bodies to data and back: exports.md sections 2 and 8; hostile cases 49, 74, 78, 93 to 95."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.records.codecs import CodecError, CsvOptions, decode, encode, xpath
from isthmus.records.codecs import csv as csv_codec

LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>"""
)


@pytest.mark.parametrize(
    ("media", "body", "value"),
    [
        ("json", b'{"a":[1,null,"\xc3\xa9"]}', {"a": [1, None, "é"]}),
        ("json", b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        ("json", b'{"a":1,"a":2}', {"a": 2}),
        ("json", b'{"__proto__":{"x":1}}', {"__proto__": {"x": 1}}),
        (
            "xml",
            b'<a x="1"><b>t</b><b/><c>u<d>v</d></c></a>',
            {"a": {"$": {"x": "1"}, "b": ["t", ""], "c": {"d": "v", "_": "u"}}},
        ),
        ("xml", b"<a>t</a>", {"a": "t"}),
        ("xml", b'<s:a xmlns:s="u" s:x="1"><s:b>t</s:b></s:a>', {"s:a": {"$": {"s:x": "1"}, "s:b": "t"}}),
        ("xml", b"<a><!-- c --><?pi x?><b><![CDATA[<x>]]></b></a>", {"a": {"b": "<x>"}}),
        ("csv", b"a,b\n1,2\n\n3,\n", [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]),
        ("csv", b'a,a,\n"x\ny","q""q",z,more\n', [{"a": "x\ny", "a_2": 'q"q', "Column2": "z", "Column3": "more"}]),
        ("csv", b"a\r1\r2\r", [{"a": "1"}, {"a": "2"}]),
        ("csv", b"", []),
        ("plaintext", b"h\xc3\xa9", "hé"),
        ("urlencoded", b"a=1&b=x+y%26&a=2&c=", {"a": ["1", "2"], "b": "x y&", "c": ""}),
    ],
)
def test_decode(media: Any, body: bytes, value: Any) -> None:
    assert decode(media, body) == value


@pytest.mark.parametrize(
    ("media", "body", "charset"),
    [
        ("json", b"{", None),
        ("json", b"", None),
        ("json", b"NaN", None),
        ("json", b"1e999", None),
        ("json", b'"\\ud800"', None),
        ("json", b"{} x", None),
        ("json", b"[" * 100_000, None),
        ("json", b"[" * 900 + b"]" * 900, None),
        ("json", "{}".encode("utf-16"), None),
        ("xml", b"<a>", None),
        ("xml", b"", None),
        ("xml", LAUGHS, None),
        ("xml", b"<!DOCTYPE a><a/>", None),
        ("xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', None),
        ("xml", b"<a>" * 200_000 + b"</a>" * 200_000, None),
        ("xml", b"<a>" * 250 + b"</a>" * 250, None),
        ("xml", b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://x/">%p;]><a/>', None),
        ("xml", b"<a>&e;</a>", None),
        ("xml", b"\x00<a/>", None),
        ("xml", "<a/>".encode("utf-7") + b"+ADw-", "utf-7"),
        ("xml", b"<a>" + b"<b/>" * 500_001 + b"</a>", None),
        ("xml", b"<a " + b"".join(b'xmlns:n%d="u" ' % n for n in range(201)) + b"><b/></a>", None),
        ("csv", b"a\xff", None),
        ("csv", b"a," * 20_000, None),
        ("csv", b'a\n"' + b"x" * 200_000 + b'"', None),
        ("plaintext", b"\xff", None),
        ("plaintext", b"x", "klingon"),
        ("plaintext", b"x", "utf-7"),
        ("plaintext", b"x", "hex"),
        ("plaintext", b"x", "idna"),
        ("plaintext", b"9" * 1_000_000, "punycode"),
        ("plaintext", b"\\ud800", "unicode_escape"),
        ("plaintext", b"\\ud800", "raw-unicode-escape"),
        ("plaintext", b"x", "\0"),
        ("urlencoded", b"a&" * 20_000, None),
        ("yaml", b"a: 1", None),
    ],
)
@pytest.mark.hostile(93)
def test_refuses(media: Any, body: bytes, charset: str | None) -> None:
    with pytest.raises(CodecError) as caught:
        decode(media, body, charset)
    assert "passwd" not in caught.value.message


@pytest.mark.parametrize("media", ["json", "plaintext", "xml", "csv", "urlencoded"])
def test_charsets(media: Any) -> None:
    body = {"json": '{"a":"é"}', "plaintext": "é", "xml": "<a>é</a>", "csv": "a\né", "urlencoded": "a=é"}[media]
    for charset in ("latin-1", "iso-8859-1", "windows-1252", '"utf-8"'):
        raw = body.encode("utf-8" if "utf" in charset else "latin-1")
        assert "é" in str(decode(media, raw, charset))


@pytest.mark.parametrize(
    ("media", "value", "body", "kind"),
    [
        ("json", {"a": "é"}, '{"a":"é"}', "application/json"),
        ("xml", {"a": {"$": {"x": 1}, "b": ["t", None], "_": "u"}}, '<a x="1">u<b>t</b><b/></a>', "application/xml"),
        ("xml", {"a": 1, "b": "<&"}, "<record><a>1</a><b>&lt;&amp;</b></record>", "application/xml"),
        (
            "csv",
            [{"a": 1, "b": "x,y"}, {"b": None, "c": {"d": 1}}],
            'a,b,c\n1,"x,y",\n,,"{""d"":1}"\n',
            "text/csv; charset=utf-8",
        ),
        ("plaintext", "é", "é", "text/plain; charset=utf-8"),
        ("plaintext", {"a": 1}, '{"a":1}', "text/plain; charset=utf-8"),
        (
            "urlencoded",
            {"a": [1, "x y"], "b": None, "c": {"d": True}},
            "a=1&a=x+y&c=%7B%22d%22%3Atrue%7D",
            "application/x-www-form-urlencoded",
        ),
    ],
)
def test_encode(media: Any, value: Any, body: str, kind: str) -> None:
    made, content_type = encode(media, value)
    assert made.decode().partition("?>\n")[2 if media == "xml" else 0] == body
    assert content_type == kind


@pytest.mark.parametrize(
    ("media", "value"),
    [
        ("json", "\ud800"),
        ("plaintext", "\ud800"),
        ("csv", [1]),
        ("csv", {"a": "\ud800"}),
        ("urlencoded", [1]),
        ("urlencoded", {"a": "\ud800"}),
        ("xml", {"a b": 1}),
        ("xml", {"a": {"$": {"1x": 1}}}),
        ("yaml", 1),
    ],
)
def test_refuses_to_write(media: Any, value: Any) -> None:
    with pytest.raises(CodecError):
        encode(media, value)


@pytest.mark.parametrize("media", ["json", "xml", "csv", "plaintext", "urlencoded"])
@pytest.mark.hostile(94)
def test_refuses_to_write_what_is_too_deep(media: Any) -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = {"a": deep}
    with pytest.raises(CodecError):
        encode(media, {"x": deep})


@pytest.mark.parametrize(
    ("options", "body", "rows"),
    [
        (CsvOptions(delimiter=";"), b"a;b\n1;2", [{"a": "1", "b": "2"}]),
        (CsvOptions(has_header=False), b"1,2", [{"Column0": "1", "Column1": "2"}]),
        (CsvOptions(rows_to_skip=2), b"note\nmore\na\n1", [{"a": "1"}]),
        (CsvOptions(trim_spaces=True), b" a , b \n 1 , 2 ", [{"a": "1", "b": "2"}]),
        (CsvOptions(strip_quotes=True), b'a,b\n"1",x"y', [{"a": "1", "b": 'x"y'}]),
    ],
)
def test_csv_options_for_reading(options: CsvOptions, body: bytes, rows: Any) -> None:
    assert csv_codec.decode(body, None, options) == rows


def test_csv_options_for_writing() -> None:
    options = CsvOptions(
        delimiter="\t",
        row_delimiter="\r\n",
        include_header=False,
        wrap_with_quotes=True,
        replace_tab=True,
        replace_newline=True,
        truncate_last=True,
    )
    assert csv_codec.encode([{"a": "x\ty", "b": "1\n2"}, {"a": 3}], options)[0] == b'"x y"\t"1 2"\r\n"3"\t""'
    with pytest.raises(CodecError):
        csv_codec.decode(b"a", None, CsvOptions(delimiter="ab"))


@pytest.mark.hostile(89)
@pytest.mark.parametrize(
    "path",
    [
        "//b[count(//b)>1]", "/a/b[//b]", "/a/b[count(/a/b)>1]", "/a/b[.//c]|/a/b", "//b//c", "//b|//c", "//b/../b",
        "//b[count(../b)>1]", "//b/ancestor::*", "//b[preceding-sibling::b]", "/a/b[contains(., /a)]", "/a/b=/a/c",
        "/a/b[1 or/a]", "/descendant::b/descendant-or-self::*", "/a/b[string-length( /a)>1]", "//b = //c",
        "/a/b" + "[c]" * 600,
        "/a/b[2*/a]",
        "/a/b[3 * /a]",
    ],
)  # fmt: skip
def test_an_xpath_that_would_take_for_ever_is_refused(path: str) -> None:
    with pytest.raises(CodecError) as caught:
        xpath(b"<a>" + b"<b><c/></b>" * 100_000 + b"</a>", path)
    assert "takes too long" in caught.value.message
    assert isinstance(xpath(b"<a>" + b"<b><c/></b>" * 40 + b"</a>", path), list)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/a/b", 100_000),
        ("//b", 100_000),
        ("count(/a/b)", 1),
        ("count(//b)", 1),
        ("(//b)[1]", 1),
        ("/a/b[@x='//|..'][position()<3]", 0),
        ("/a/b[c and not(d/e)]/c/text()", 0),
        ("/*/b[last()]", 1),
    ],
)
def test_an_xpath_of_plain_steps_runs_on_a_large_body(path: str, count: int) -> None:
    assert len(xpath(b"<a>" + b"<b><c/></b>" * 100_000 + b"</a>", path)) == count


@pytest.mark.hostile(85)
def test_an_xpath_has_no_regular_expressions() -> None:
    body = b'<a xmlns:re="http://exslt.org/regular-expressions">' + b"a" * 40 + b"!</a>"
    with pytest.raises(CodecError):
        xpath(body, "/a[re:test(., '(a+)+$')]")


def test_xpath() -> None:
    body = b'<r xmlns:s="u"><i id="1"><n>A</n></i><i id="2"/><s:z>q</s:z></r>'
    assert xpath(body, "/r/i") == [{"$": {"id": "1"}, "n": "A"}, {"$": {"id": "2"}}]
    assert xpath(body, "//@id") == ["1", "2"]
    assert xpath(body, "//n/text()") == ["A"]
    assert xpath(body, "count(/r/i)") == [2.0]
    assert xpath(body, "//s:z") == ["q"]
    for bad in ("//[", "//q:z", "x" * 3_000, "document('file:///etc/passwd')"):
        with pytest.raises(CodecError):
            xpath(body, bad)


NAMES = st.text("abcXYZ_", min_size=1, max_size=4)
TREES = st.recursive(
    st.text("xyz é<&", max_size=5).map(str.strip),
    lambda inner: st.dictionaries(NAMES.filter(lambda n: n != "_"), inner, min_size=1, max_size=3),
    max_leaves=6,
)


@given(NAMES.filter(lambda name: name != "_"), TREES)
def test_xml_comes_back(name: str, tree: Any) -> None:
    assert decode("xml", encode("xml", {name: tree})[0]) == {name: tree}


@given(
    st.sampled_from(["json", "xml", "csv", "plaintext", "urlencoded"]),
    st.binary(max_size=80),
    st.sampled_from([None, "utf-8", "utf-16", "cp1252"]),
)
@pytest.mark.hostile(78)
def test_any_bytes_are_data_or_a_codec_error(media: Any, body: bytes, charset: str | None) -> None:
    try:
        decode(media, body, charset)
    except CodecError as error:
        assert error.message.endswith(".")  # noqa: PT017  # either is right
