"""`multipart/form-data` bodies (RFC 7578) of text fields."""

from collections.abc import Mapping
from uuid import uuid4


def _quoted(name: str) -> str:
    """Escape a field name as browsers do, so that it cannot end its own header."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def write_form_data(fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Write fields; gives the bytes and the Content-Type with its boundary."""
    boundary = f"isthmus-{uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    text = "".join(parts) + f"--{boundary}--\r\n"
    return text.encode("utf-8", "replace"), f"multipart/form-data; boundary={boundary}"
