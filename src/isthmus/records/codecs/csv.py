"""CSV, by the standard library. Source: exports.md section 8, imports.md section 4."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from isthmus.model.json import Json
from isthmus.records.codecs.caps import text_of, too_big
from isthmus.records.codecs.errors import CodecError
from isthmus.records.coerce import to_string
from isthmus.records.errors import RecordError

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
MAX_COLUMNS: Final = 10_000
MAX_CELLS: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How a file is written or read; the names are those of the `csv` block of exports and imports."""

    delimiter: str = ","
    row_delimiter: str = "\n"
    has_header: bool = True
    trim_spaces: bool = False
    rows_to_skip: int = 0
    strip_quotes: bool = False
    include_header: bool = True
    wrap_with_quotes: bool = False
    replace_tab: bool = False
    replace_newline: bool = False
    truncate_last: bool = False


DEFAULT: Final = CsvOptions()


def decode(body: bytes, charset: str | None, options: CsvOptions = DEFAULT) -> Json:
    """Read rows into dicts named by the header row; without one the names are `Column0`, `Column1` ...

    A cell beyond the header is named `ColumnN`, too; a name that comes again gets `_2`; blank lines are left out.
    Raises CodecError.
    """
    rows = _rows(text_of(body, charset), options)
    names: list[str] | None = None
    found: list[dict[str, str]] = []
    cells = 0
    for row in rows:
        cells += len(row)
        if len(row) > MAX_COLUMNS or cells > MAX_CELLS:
            raise too_big()
        if names is None and options.has_header:
            names = _unique(row)
            continue
        found.append(_record(row, names or []))
    return found


def _rows(text: str, options: CsvOptions) -> Iterator[list[str]]:
    if len(options.delimiter) != 1:
        raise CodecError("The column delimiter must be one character.")
    quoting: Literal[0, 3] = csv.QUOTE_NONE if options.strip_quotes else csv.QUOTE_MINIMAL
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=options.delimiter, quoting=quoting, skipinitialspace=options.trim_spaces)
    try:
        for index, row in enumerate(reader):
            if index >= options.rows_to_skip and row:
                yield [_cell(cell, options) for cell in row]
    except csv.Error as error:
        raise CodecError("The body is not valid CSV.") from error


def _cell(cell: str, options: CsvOptions) -> str:
    cell = cell.strip() if options.trim_spaces else cell
    quoted = options.strip_quotes and len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1] if quoted else cell


def _unique(row: list[str]) -> list[str]:
    names: list[str] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(row):
        name = cell or f"Column{index}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _record(row: list[str], names: list[str]) -> dict[str, str]:
    return {names[index] if index < len(names) else f"Column{index}": cell for index, cell in enumerate(row)}


def encode(value: Json, options: CsvOptions = DEFAULT) -> tuple[bytes, str]:
    """Write an object, or a list of them, one row each; columns are all keys in the order they are met.

    Raises CodecError.
    """
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise CodecError("Only objects can be written as CSV.")
    names = list(dict.fromkeys(key for row in rows for key in row))
    target = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if options.wrap_with_quotes else csv.QUOTE_MINIMAL
    writer = csv.writer(target, delimiter=options.delimiter, lineterminator=options.row_delimiter, quoting=quoting)
    try:
        if options.include_header:
            writer.writerow(names)
        writer.writerows([_written(row.get(name), options) for name in names] for row in rows)
        text = target.getvalue()
        text = text.removesuffix(options.row_delimiter) if options.truncate_last else text
        return text.encode("utf-8"), CONTENT_TYPE
    except (csv.Error, RecordError, UnicodeEncodeError) as error:
        raise CodecError("The value cannot be written as CSV.") from error


def _written(value: Any, options: CsvOptions) -> str:
    text = "" if value is None else to_string(value)
    if options.replace_tab:
        text = text.replace("\t", " ")
    if options.replace_newline:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return text
