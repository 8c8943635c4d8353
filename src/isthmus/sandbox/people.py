"""Believable people, places and dates, the same at every start."""

import random
from typing import Final

GIVEN: Final = ("Ada", "Bo", "Chidi", "Dana", "Emeka", "Farah", "Goro", "Hana", "Ines", "Jun", "Kofi", "Lena")
FAMILY: Final = ("Okafor", "Larsen", "Moreau", "Tanaka", "Silva", "Novak", "Haddad", "Quispe", "Weber", "Achebe")
ROLES: Final = ("Operations", "Finance", "Support", "Engineering", "Warehouse")


def person(number: int) -> dict[str, str]:
    """Make the person of a number: name, e-mail address and department."""
    dice = random.Random(number)  # noqa: S311  # sample data, not a secret
    given, family = dice.choice(GIVEN), dice.choice(FAMILY)
    return {
        "name": f"{given} {family}",
        "email": f"{given}.{family}.{number}@example.com".lower(),
        "department": dice.choice(ROLES),
    }
