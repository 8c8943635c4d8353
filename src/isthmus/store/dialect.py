"""Where the two databases differ: how a placeholder is written, and which text they take."""

from functools import cache

from isthmus.store.link import Value, Values


@cache
def for_postgres(sql: str) -> str:
    """Write our `?` placeholders as psycopg's; our SQL holds no other question mark and no per cent sign."""
    return sql.replace("?", "%s")


def values_for_postgres(values: Values) -> list[Value]:
    """Replace what PostgreSQL takes in no text (NUL, lone surrogates): so an id with one is unknown, and no failure."""
    return [_clean(value) if isinstance(value, str) else value for value in values]


def _clean(text: str) -> str:
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
