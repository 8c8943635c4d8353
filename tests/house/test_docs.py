"""The generated pages are current, and every endpoint has a test that shows it."""

import re

from docs.generate import REFERENCE, marks, stale
from isthmus.api.coverage import endpoint
from isthmus.api.routes import all_routes
from tests.rig.tree import ROOT


def test_the_generated_pages_are_current() -> None:
    assert stale() == [], "run make docs"


def test_every_endpoint_is_shown_by_a_test() -> None:
    coverage = (REFERENCE / "coverage.md").read_text(encoding="utf-8")
    assert [line for line in coverage.splitlines() if line.endswith("**none** |")] == []


def test_every_mark_names_an_endpoint_that_there_is() -> None:
    assert set(marks("endpoint")) - {endpoint(route) for route in all_routes()} == set()


def test_every_hostile_case_has_a_test_or_a_reason() -> None:
    cases = (REFERENCE / "hostile-cases.tsv").read_text(encoding="utf-8").splitlines()
    assert {str(case) for case in marks("hostile")} - {line.split("\t")[0] for line in cases} == set()
    hostile = (REFERENCE / "hostile.md").read_text(encoding="utf-8")
    assert [line for line in hostile.splitlines() if line.endswith("**none** |")] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
