"""Masks text by the names that stand in it: parameters of URLs and forms, JSON members, XML elements and attributes.

Every pattern is bounded, so that no text, however it was made, takes more than linear time.
"""

import re
from typing import Final
from urllib.parse import unquote_plus

from isthmus.model.json import Json
from isthmus.model.secret import MASK
from isthmus.transport.http.redact.names import is_secret_name, is_secret_parameter

_PARAMETER: Final = re.compile(r"(?<=[?&;#])([\w.\-\[\]%+]{1,64})=([^&#;\s\"'<>\\]*)")
_FIELD: Final = re.compile(r"(?:(?<=&)|(?<![^\s]))([\w.\-\[\]%+]{1,64})=([^&\s]*)")
_MEMBER: Final = re.compile(r'"([^"\\]{1,64})"(\s{0,20}:\s{0,20})("(?:[^"\\]|\\.)*+"?|[^\s,}\]\["{]+)')
_ELEMENT: Final = re.compile(r"<([A-Za-z_][\w:.\-]{0,63})([^<>]{0,500})>([^<]+)")
_USERINFO: Final = re.compile(r"(?<=://)[^\s/?#@\"'<>]{1,256}@")


def mask_parameters(text: str) -> str:
    """Mask query parameters, and user name and password before a host, wherever a URL stands in a text."""
    return _PARAMETER.sub(_parameter, _USERINFO.sub(f"{MASK}@", text) if "@" in text else text)


def mask_form(text: str) -> str:
    """Mask the fields of an urlencoded form."""
    return _FIELD.sub(_parameter, text)


def mask_members(text: str) -> str:
    """Mask JSON members by name in a text that need not be whole JSON."""
    return _MEMBER.sub(_member, text)


def mask_elements(text: str) -> str:
    """Mask the texts of XML elements by name."""
    return _ELEMENT.sub(_element, text)


def _parameter(found: re.Match[str]) -> str:
    return f"{found[1]}={MASK}" if found[2] and is_secret_parameter(unquote_plus(found[1])) else found[0]


def _member(found: re.Match[str]) -> str:
    if not is_secret_name(found[1]) or found[3] in {"null", "true", "false", '""'}:
        return found[0]
    return f'"{found[1]}"{found[2]}"{MASK}"'


def _element(found: re.Match[str]) -> str:
    if found[3].isspace() or not is_secret_name(found[1].rpartition(":")[2]):
        return found[0]
    return f"<{found[1]}{found[2]}>{MASK}"


def mask_json(value: Json) -> bool:
    """Mask a JSON value in place by the names of its members, at any depth; tell whether anything was."""
    touched = False
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            for key, inner in node.items():
                if inner and not isinstance(inner, bool) and is_secret_name(key[:256]):
                    node[key] = MASK
                    touched = True
                else:
                    waiting.append(inner)
    return touched
