"""Every registered connection type holds every clause of the kit that authors of adaptors run."""

from collections.abc import Callable

import pytest

from isthmus.model.json import Document
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.registry import connection_type, connection_types
from isthmus.sdk.testing import EXAMPLE_CLAUSES, SPEC_CLAUSES, check_connection_type
from tests.rig.connections import BLOCKS, VARIANTS, example


def test_every_registered_type_has_examples() -> None:
    assert set(BLOCKS) == set(connection_types())


@pytest.mark.parametrize("clause", SPEC_CLAUSES, ids=lambda clause: clause.__name__)
@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_type_by_itself(name: str, clause: Callable[[ConnectionType], None]) -> None:
    clause(connection_type(name))


@pytest.mark.hostile(15)
@pytest.mark.hostile(28)
@pytest.mark.parametrize("clause", EXAMPLE_CLAUSES, ids=lambda clause: clause.__name__)
@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=["-".join(pair) for pair in VARIANTS])
def test_a_type_with_an_example(name: str, variant: str, clause: Callable[[ConnectionType, Document], None]) -> None:
    clause(connection_type(name), example(name, variant))


def test_the_kit_runs_as_a_whole() -> None:
    check_connection_type(connection_type("s3"), [example("s3", "keys"), example("s3", "iam")])
