"""Resource ids: 24 lower-case hexadecimal digits, as Celigo (and MongoDB) mint them. Source: api.md section 1."""

import itertools
import os
import re
import time
from typing import Final

_ID: Final = re.compile(r"[0-9a-f]{24}\Z")
_PROCESS: Final = os.urandom(5).hex()
_COUNTER: Final = itertools.count(int.from_bytes(os.urandom(3), "big"))


def new_id() -> str:
    """Mint an id that sorts by the second of its making and never repeats within a process."""
    seconds = int(time.time()) & 0xFFFFFFFF
    return f"{seconds:08x}{_PROCESS}{next(_COUNTER) & 0xFFFFFF:06x}"


def is_id(value: object) -> bool:
    """Tell whether a value has the form of an id; it may still name nothing."""
    return isinstance(value, str) and _ID.match(value) is not None
