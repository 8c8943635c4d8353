"""English names and ordinals, moment.js's default locale."""

from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""From Sunday: index 0 is moment's day 0."""


def ordinal(number: int) -> str:
    """Write 1 as `1st`, 11 as `11th`, 22 as `22nd`."""
    last = abs(number) % 10
    teen = abs(number) % 100 // 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th')}"
