"""Masks what must not be read in a debug log: by the name it stands under, and by its value."""

from isthmus.transport.http.redact.redactor import Redactor, secret_strings

__all__ = ["Redactor", "secret_strings"]
