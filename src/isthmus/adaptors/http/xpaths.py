"""XPath into XML answers; elements come out as the XML codec writes them. Source: exports.md section 2."""

from typing import Any

from lxml import etree

from isthmus.model.errors import InvalidDocument, invalid
from isthmus.model.json import Json
from isthmus.records.codecs import decode


def find_nodes(body: bytes, path: str) -> list[Json]:
    """Find every node of an XPath: elements as records, attributes and texts as texts, numbers as such.

    A default namespace needs no prefix. Raises InvalidDocument for a path that is no XPath. The body was decoded
    before: it is known to be well-formed and within the caps.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(body, parser)
    namespaces = {}
    for element in root.iter(etree.Element):
        namespaces.update({prefix: uri for prefix, uri in element.nsmap.items() if prefix})
        if element.prefix is None:
            element.tag = etree.QName(element).localname
    try:
        found = root.getroottree().xpath(path, namespaces=namespaces)
    except etree.XPathError as error:
        raise InvalidDocument(invalid("path", "A path into an XML answer is no valid XPath.")) from error
    return [_as_json(node) for node in found] if isinstance(found, list) else [_number(found)]


def _as_json(node: Any) -> Json:
    if not isinstance(node, etree._Element):  # noqa: SLF001  # lxml names its element type so
        return str(node)
    if len(node) == 0 and not node.attrib:
        return node.text or ""
    value = decode("xml", etree.tostring(node, with_tail=False))
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value


def _number(value: Any) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value
