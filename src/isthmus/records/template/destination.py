"""Where the text of a template goes, which decides how `{{x}}` is formatted. Source: handlebars.md section 1."""

from enum import Enum


class Destination(Enum):
    """The destination of a text. `{{{x}}}` is raw everywhere, except that no HEADER ever holds CR, LF or NUL."""

    PLAIN = "plain"
    URI = "uri"
    JSON = "json"
    XML = "xml"
    SQL = "sql"
    HEADER = "header"
    FORM = "form"
