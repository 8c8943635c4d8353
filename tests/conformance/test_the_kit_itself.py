"""The conformance kit turns red: a specification that breaks a clause fails that clause."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument, Problem, invalid
from isthmus.model.json import Document
from isthmus.sdk import testing
from isthmus.sdk.connection_type import Block, ConnectionType, Reference
from isthmus.sdk.registry import connection_type
from tests.rig.connections import example

S3 = connection_type("s3")


@pytest.mark.parametrize(
    ("clause", "broken"),
    [
        (testing.is_registered, replace(S3)),
        (testing.names_its_blocks, replace(S3, adaptor_types=("S3", "S4"))),
        (testing.names_its_blocks, replace(S3, export_blocks={"s4": Block})),
        (testing.points_at_fields, replace(S3, destination=("s3.nowhere",))),
        (testing.points_at_fields, replace(S3, destination=("s3.secretAccessKey",))),
        (testing.points_at_fields, replace(S3, immutable=("needsAuthorization",))),
        (testing.refers_to_kinds, replace(S3, references=(Reference("s3._iClientId", "scripts"),))),
        (testing.patches_fields, replace(S3, patchable={"/s3/nowhere": "string"})),
        (testing.patches_fields, replace(S3, patchable={"/s3/secretAccessKey": "string"})),
        (testing.patches_fields, replace(S3, patchable={"/s3/pingBucket": "text"})),
        (testing.bounds_concurrency, replace(S3, concurrency=0)),
    ],
)
def test_a_broken_specification(clause: Any, broken: ConnectionType) -> None:
    clause(S3 if clause is not testing.is_registered else connection_type("s3"))
    with pytest.raises(AssertionError):
        clause(broken)


def test_an_example_of_another_type() -> None:
    with pytest.raises(AssertionError):
        testing.accepts(S3, example("van", "van"))
    with pytest.raises(AssertionError):
        testing.check_connection_type(S3, [])


def test_a_message_that_repeats_a_value_is_found() -> None:
    def gossip(document: Document) -> Iterator[Problem]:
        bucket = document["s3"].get("pingBucket") if isinstance(document["s3"], dict) else None
        if bucket != "b":
            yield invalid("s3.pingBucket", f"{bucket} is no bucket.")

    def answers(document: Document) -> Document:
        problems = list(gossip(document))
        if problems:
            raise InvalidDocument.of(problems)
        return document

    with pytest.raises(AssertionError, match="repeats a value"):
        testing.refuses_in_order(S3, example("s3", "keys"), answers)


def test_validation_that_is_not_settled_is_found() -> None:
    def longer(document: Document) -> Document:
        return {**document, "name": f"{document.get('name')}!"}

    with pytest.raises(AssertionError, match="twice"):
        testing.is_idempotent(S3, example("s3", "keys"), longer)
