"""Schemathesis over the service's own OpenAPI document. Soak: ISTHMUS_SOAK=1 for more examples."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.service import Service

_EXAMPLES = "60" if os.environ.get("ISTHMUS_SOAK") else "2"


@pytest.mark.hostile(56)
def test_the_document_and_the_service_agree(service: Service, tmp_path: Path) -> None:
    command = (Path(sys.executable).parent / "schemathesis", "run", f"{service.url}/openapi.json")
    done = subprocess.run(
        (
            *command,
            f"--header=Authorization: Bearer {service.token}",
            f"--max-examples={_EXAMPLES}",
            "--checks=all",
            # A body may fit the schema and name a connection that is not there: 422 is right, and no schema can say so.
            "--exclude-checks=positive_data_acceptance",
            "--workers=1",
            "--no-color",
            "--seed=1",
            "--generation-deterministic",
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
