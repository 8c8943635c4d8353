"""Where in a template something is wrong."""

from isthmus.records.errors import RuleError


def error_at(text: str, at: int, why: str) -> RuleError:
    """Say what is wrong in a template, with line and column, both from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return RuleError(f"The template is not valid: {why} (line {line}, column {column}).")
