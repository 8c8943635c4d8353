"""Numbers. Numbers arrive as numbers or numeric texts; anything else is NaN. Source: handlebars.md section 4."""

import math
import secrets
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import Number, as_number, number_text, whole

_MAX_DIGITS: Final = 100
_EXPONENT_FROM: Final = 1e21


def number(value: Any) -> float:
    """Read an argument as a double, as JavaScript computes."""
    try:
        return float(as_number(value))
    except OverflowError:
        return math.inf if as_number(value) > 0 else -math.inf


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [number(item) for value in values for item in (value if isinstance(value, list) else [value])]


@inline("abs n", Example('{{abs "-123"}}', "123"))
def abs_(value: Any) -> Number:
    """Drop the sign."""
    return whole(abs(number(value)))


@inline(
    "add a b …", Example('{{add "2" "5"}}', "7"), Example("{{add 1 2 3.5}}", "6.5"), Example('{{add 1 "x"}}', "NaN")
)
def add(*values: Any) -> Number:
    """Add any count of numbers."""
    return whole(sum(_numbers(values), 0.0))


@inline("subtract a b", Example('{{subtract "6" "3"}}', "3"))
def subtract(left: Any, right: Any) -> Number:
    """Take the second from the first."""
    return whole(number(left) - number(right))


@inline("multiply a b", Example('{{multiply 100 "0.9"}}', "90"))
def multiply(left: Any, right: Any) -> Number:
    """Multiply two numbers."""
    return whole(number(left) * number(right))


@inline("divide a b", Example('{{divide "2002" "100"}}', "20.02"), Example("{{divide 1 0}}", "Infinity"))
def divide(left: Any, right: Any) -> Number:
    """Divide the first by the second."""
    a, b = number(left), number(right)
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return whole(a / b)


@inline("modulo a b", Example("{{modulo 7 3}}", "1"), Example("{{modulo -7 3}}", "-1"))
def modulo(left: Any, right: Any) -> Number:
    """Give the rest of a division, with the sign of the first number.

    This is JavaScript's %, not the mathematical one.
    """
    a, b = number(left), number(right)
    return math.nan if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b) else whole(math.fmod(a, b))


@inline("sum array", Example("{{sum a}}", "31", {"a": [2, 5, 7, 8, 9]}), Example("{{sum 1 2}}", "3"))
def sum_(*values: Any) -> Number:
    """Add the items of lists, or the arguments."""
    return whole(sum(_numbers(values), 0.0))


@inline("avg a b …", Example("{{avg 2 5 2}}", "3"))
def avg(*values: Any) -> Number:
    """Give the mean."""
    found = _numbers(values)
    return whole(sum(found, 0.0) / len(found)) if found else math.nan


def _rounded(value: Any, how: Any) -> Number:
    read = number(value)
    return whole(float(how(read))) if math.isfinite(read) else read


@inline("ceil n", Example("{{ceil 45.02}}", "46"), Example("{{ceil -2.8}}", "-2"))
def ceil(value: Any) -> Number:
    """Round up."""
    return _rounded(value, math.ceil)


@inline("floor n", Example("{{floor 22.44}}", "22"), Example("{{floor -2.8}}", "-3"))
def floor(value: Any) -> Number:
    """Round down."""
    return _rounded(value, math.floor)


@inline("round n", Example('{{round "29.77"}}', "30"), Example("{{round -2.5}}", "-2"))
def round_(value: Any) -> Number:
    """Round to the nearest whole number, halves up."""
    return _rounded(value, lambda read: math.floor(read) + (read - math.floor(read) >= 0.5))  # noqa: PLR2004  # a half


def _digits(value: Any, low: int) -> int:
    count = as_number(value) if value is not MISSING else 0
    if not math.isfinite(count) or not low <= count <= _MAX_DIGITS:
        raise RecordError("helper_failed", f"A count of digits must be between {low} and {_MAX_DIGITS}.")
    return int(count)


def _special(read: float) -> str | None:
    return number_text(read) if not math.isfinite(read) else None


def _decimal(read: float, digits: int) -> Decimal:
    return Decimal(read).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=800))


@inline("toFixed n d", Example("{{toFixed 29.7777 2}}", "29.78"), Example("{{toFixed 1.005 2}}", "1.00"))
def to_fixed(value: Any, digits: Any) -> str:
    """Write with a fixed count of decimals."""
    read, count = number(value), _digits(digits, 0)
    if abs(read) >= _EXPONENT_FROM or not math.isfinite(read):
        return number_text(read)
    return f"{_decimal(read, count):f}"


def _mantissa(read: float, digits: int) -> tuple[str, int]:
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(abs(read)))
    found = "".join(map(str, rounded.as_tuple().digits)).ljust(digits, "0")[:digits]
    return found, (rounded.adjusted() if rounded else 0)


def _exponential(read: float, digits: int) -> str:
    found, exponent = _mantissa(read, digits)
    tail = f".{found[1:]}" if digits > 1 else ""
    return f"{'-' if read < 0 else ''}{found[0]}{tail}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"


@inline(
    "toPrecision n p", Example("{{toPrecision 123.00 2}}", "1.2e+2"), Example("{{toPrecision 123456 5}}", "1.2346e+5")
)
def to_precision(value: Any, digits: Any) -> str:
    """Write with a count of significant digits."""
    read, count = number(value), _digits(digits, 1)
    if (special := _special(read)) is not None:
        return special
    exponent = _mantissa(read, count)[1]
    if exponent < -6 or exponent >= count:  # noqa: PLR2004  # where JavaScript changes to exponents
        return _exponential(read, count)
    return f"{_decimal(read, max(0, count - 1 - exponent)):f}"


@inline(
    "toExponential n [d]",
    Example('{{toExponential "12345" 2}}', "1.23e+4"),
    Example("{{toExponential 12345}}", "1.2345e+4"),
)
def to_exponential(value: Any, digits: Any = MISSING) -> str:
    """Write with an exponent.

    The exponent has a sign, `e+4`, as JavaScript writes it; some samples print `e4`.
    """
    read = number(value)
    if (special := _special(read)) is not None:
        return special
    if digits is not MISSING:
        return _exponential(read, _digits(digits, 0) + 1)
    shortest = len(Decimal(repr(read)).normalize().as_tuple().digits)
    return _exponential(read, shortest)


@inline("random type [length]")
def random(kind: Any = "crypto", length: Any = 32) -> str:
    """Make up text: "crypto" (hexadecimal), "uuid" (groups of it), or "number" (digits); 32 characters unless told.

    "uuid" is not of the form of RFC 4122.
    """
    count = as_number(length)
    if not math.isfinite(count) or not 1 <= count <= 1_000:  # noqa: PLR2004  # far beyond any key
        count = 32
    alphabet = "0123456789" if kind == "number" else "0123456789abcdef"
    text = "".join(secrets.choice(alphabet) for _ in range(int(count)))
    return "-".join((text[:8], text[8:12], text[12:16], text[16:])) if kind == "uuid" else text


@inline(
    "addCommas n",
    Example("{{addCommas 1234567}}", "1,234,567"),
    Example('{{addCommas "x"}}', ""),
    Example("{{addCommas 1234.5}}", "1,234.5"),
)
def add_commas(value: Any) -> str:
    """Put commas between thousands; "" for what is no number."""
    read = as_number(value)
    if not math.isfinite(read):
        return ""
    whole_part, dot, fraction = number_text(read).partition(".")
    return f"{int(whole_part):,}{dot}{fraction}" if whole_part.lstrip("-").isdigit() else number_text(read)


@inline(
    "bytes value [precision]",
    Example("{{bytes 13661855}}", "13.66 MB"),
    Example("{{bytes 1396}}", "1.4 kB"),
    Example('{{bytes "foo"}}', "3 B"),
)
def bytes_(value: Any, precision: Any = 2) -> str:
    """Write a size in units of 1,000; a text that is no number counts its characters.

    It rounds; one documented sample cuts off (825399 is 825.4 kB here).
    """
    read = number(value)
    if math.isnan(read) and isinstance(value, str):
        read = float(len(value))
    if not math.isfinite(read) or read < 0:
        return "0 B"
    units = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
    power = 0
    while read >= 1_000 and power < len(units) - 1:  # noqa: PLR2004  # SI
        read, power = read / 1_000, power + 1
    return f"{number_text(whole(float(_decimal(read, _digits(precision, 0)))))} {units[power]}"


@inline(
    "ordinalize n",
    *(
        Example(f"{{{{ordinalize {n}}}}}", text)
        for n, text in ((1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"))
    ),
)
def ordinalize(value: Any) -> str:
    """Write a number as an English ordinal."""
    read = as_number(value)
    if not math.isfinite(read):
        return ""
    size = abs(int(read)) % 100
    teen = size // 10 == 1
    return number_text(read) + ("th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(size % 10, "th"))
