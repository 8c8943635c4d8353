"""What one run of a rule may cost. Source: architecture.md decision 9, hostile-cases 84."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The fuel of one render: steps (loop rounds and helper calls), characters of output, seconds of wall time."""

    steps: int = 1_000_000
    output: int = 8_000_000
    seconds: float = 1.0


DEFAULT = Limits()
