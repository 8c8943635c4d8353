"""XML, by lxml: no DTD, no entities but the five, no network, capped in depth and nodes.

An element becomes its text where it has nothing else, and else a dict: attributes under `$`, text under `_`, children
by name, a list where a name comes again. Names keep their prefix; namespace declarations are left out of `$`.
"""

import re
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs; this module is its only user here

from isthmus.model.json import Json
from isthmus.records.codecs.caps import MAX_DEPTH, text_of, too_big
from isthmus.records.codecs.errors import CodecError
from isthmus.records.codecs.xpath_cost import MAX_COST, cost
from isthmus.records.coerce import to_string
from isthmus.records.errors import RecordError

CONTENT_TYPE: Final = "application/xml"
MAX_XPATH: Final = 2_000
MAX_PARTS: Final = 500_000
"""Elements and attributes of a body; reading one costs ten times what a value in JSON does."""
MAX_NAMESPACES: Final = 200
"""Prefixes in scope of one element: every element is asked for all of them."""
_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?\Z")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(body: bytes, charset: str | None = None) -> Any:
    """Parse a body into an lxml element. Raises CodecError for bad XML, a DTD, and data over the caps."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8" if charset else None,
    )  # fmt: skip
    body = text_of(body, charset).encode("utf-8", "replace") if charset else body
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CodecError("The body is not valid XML, or nests too deep.") from error
    if root is None or root.getroottree().docinfo.doctype or _DOCTYPE.search(body):
        raise CodecError("The XML has a document type declaration, which is refused.")
    _check(root, many_names=body.count(b"xmlns") > MAX_NAMESPACES)
    return root


def _check(root: Any, *, many_names: bool) -> None:
    parts = 0
    for element in root.iter():
        parts += 1 + len(element.attrib)
        if parts > MAX_PARTS or not isinstance(element.tag, str):
            raise CodecError(f"The XML has more than {MAX_PARTS:,} elements and attributes.", code="too_large")
        if many_names and len(element.nsmap) > MAX_NAMESPACES:
            raise CodecError(f"The XML has more than {MAX_NAMESPACES} namespaces in one place.", code="too_large")


def decode(body: bytes, charset: str | None) -> Json:
    """Read XML into a dict with one key, the name of the root. Raises CodecError."""
    root = parse(body, charset)
    return {_name(root): to_data(root)}


def to_data(element: Any, depth: int = 0) -> Json:
    """Turn an element into plain data. Raises CodecError for one that nests too deep."""
    if depth > MAX_DEPTH:
        raise too_big()
    made: dict[str, Json] = {}
    if element.attrib:
        made["$"] = {_qualified(element, key): value for key, value in element.attrib.items()}
    for child in element:
        name, value = _name(child), to_data(child, depth + 1)
        if name not in made:
            made[name] = value
        elif isinstance(made[name], list):
            made[name].append(value)
        else:
            made[name] = [made[name], value]
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not made:
        return text
    if text.strip():
        made["_"] = text.strip()
    return made


def _name(element: Any) -> str:
    local: str = element.tag.rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


def _qualified(element: Any, key: str) -> str:
    name = etree.QName(key)
    prefix = next((p for p, uri in element.nsmap.items() if p and uri == name.namespace), None)
    return f"{prefix}:{name.localname}" if prefix else str(name.localname)


def xpath(body: bytes, expression: str, charset: str | None = None) -> list[Json]:
    """Find what an XPath 1.0 expression selects: elements as data, attributes and texts as text. Raises CodecError."""
    if len(expression) > MAX_XPATH:
        raise CodecError(f"The XPath is longer than {MAX_XPATH:,} characters.")
    root = parse(body, charset)
    parts = 0
    for element in root.iter():
        parts += 1 + len(element.attrib)
        if element.prefix is None and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]  # a default namespace needs no prefix in the path
    if cost(expression, parts) > MAX_COST:
        raise CodecError(
            "The XPath takes too long on a body of this size: name each step from its root, without .. or a second //."
        )
    spaces = {prefix: uri for element in root.iter() for prefix, uri in element.nsmap.items() if prefix}
    try:
        # Without EXSLT: its regular expressions know no limit of time.
        found = etree.XPath(expression, namespaces=spaces or None, regexp=False, smart_strings=False)(
            root.getroottree()
        )
    except etree.XPathError as error:
        raise CodecError("The XPath is not valid for this body.") from error
    return [_found(item) for item in (found if isinstance(found, list) else [found])]


def _found(item: Any) -> Json:
    if isinstance(item, bool | float):
        return item
    return str(item) if isinstance(item, str) else to_data(item)


def encode(value: Json) -> tuple[bytes, str]:
    """Write data of the same shape: one key is the root, more keys stand in `<record>`. Raises CodecError."""
    whole = isinstance(value, dict) and len(value) == 1 and not isinstance(next(iter(value.values())), list)
    name, content = next(iter(value.items())) if whole else ("record", value)
    root = _element(str(name), content, 0)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), CONTENT_TYPE


def _element(name: str, value: Json, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise CodecError(f"The data nests deeper than {MAX_DEPTH} levels.", code="too_large")
    if not _NAME.match(name) or ":" in name:
        raise CodecError("A key of the data is not a name that XML allows.")
    element = etree.Element(name)
    if not isinstance(value, dict):
        element.text = _text(value)
        return element
    for key, item in value.items():
        if key == "$" and isinstance(item, dict):
            _attributes(element, item)
        elif key == "_":
            element.text = _text(item)
        else:
            for inner in item if isinstance(item, list) else [item]:
                element.append(_element(key, inner, depth + 1))
    return element


def _attributes(element: Any, items: dict[str, Json]) -> None:
    for key, item in items.items():
        if not _NAME.match(key) or ":" in key:
            raise CodecError("A key of the data is not a name that XML allows.")
        element.set(key, _text(item) or "")


def _text(value: Json) -> str | None:
    try:
        return _NOT_XML.sub("", "" if value is None else to_string(value)) or None
    except RecordError as error:
        raise CodecError(error.message) from error
