"""`isthmus map`: rules over a file of records."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.rig.black_box import run

IMPORT: dict[str, Any] = {
    "mapping": {
        "fields": [
            {"extract": "id", "generate": "key"},
            {"extract": "qty", "generate": "n", "dataType": "number"},
        ]
    },
    "filter": {"type": "expression", "expression": {"version": "1", "rules": ["notequals", ["extract", "id"], "no"]}},
}
RECORDS = '{"id":"a","qty":"1"}\n\n{"id":"no"}\n{"id":"b","qty":"many"}\nnot json\n5\n{"id":"c"}'


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rules, records = tmp_path / "rules.json", tmp_path / "records.jsonl"
    rules.write_text(json.dumps(IMPORT), encoding="utf-8")
    records.write_text(RECORDS, encoding="utf-8")
    return str(rules), str(records)


def test_records_out_errors_on_stderr_with_their_lines(files: tuple[str, str]) -> None:
    done = run("map", *files)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ['{"key":"a","n":1}', '{"key":"c"}']
    assert done.stderr.splitlines() == [
        f"isthmus: {files[1]}:4: mapping.fields[1]: A value cannot be converted to the data type number. (mapping)",
        f"isthmus: {files[1]}:5: The line is not JSON (column 1).",
        f"isthmus: {files[1]}:6: A record must be an object, or an array of rows.",
        "2 mapped, 1 left out, 3 failed",
    ]


def test_explain_tells_of_every_line(files: tuple[str, str]) -> None:
    done = run("map", *files, "--explain")
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["line"] for line in shown] == [1, 3, 4, 5, 6, 7]
    assert [line["records"] for line in shown] == [[{"key": "a", "n": 1}], [], [], [], [], [{"key": "c"}]]
    assert [[note["outcome"] for note in line["explain"]] for line in shown] == [
        ["written", "written"], ["skipped"], ["written", "failed"], [], [], ["written", "skipped"],
    ]  # fmt: skip
    assert ["errors" in line for line in shown] == [False, False, True, True, True, False]
    assert done.returncode == 1


def test_all_is_well(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"import": {"oneToMany": True, "pathToMany": "l", **IMPORT}}), encoding="utf-8")
    command = [sys.executable, "-m", "isthmus", "map", str(rules), "-"]
    done = subprocess.run(
        command, input='{"l":[{"id":1},{"id":2}]}\n{"l":[]}\n', capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, '{"key":1}\n{"key":2}\n')
    assert done.stderr == "2 mapped, 0 left out, 0 failed\n"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"oneToMany": True, "pathToMany": "a[*].b"}, "must not go through an array. (mapping)"),
        (
            {
                "transform": {
                    "expression": {
                        "version": "2",
                        "rulesTwoDotZero": {
                            "mappings": [{"generate": "n", "dataType": "number", "extract": "$.id", "status": "Active"}]
                        },
                    }
                }
            },
            "A value cannot be converted to the data type number. (transformation)",
        ),
        (
            {
                "lookups": [{"name": "live", "relativeURI": "/x", "method": "GET"}],
                "mapping": {"fields": [{"extract": "id", "generate": "k", "lookupName": "live"}]},
            },
            "mapping.fields[0]: The lookup 'live' failed: dynamic lookups are not run here. (lookup)",
        ),
    ],
)
def test_other_steps_that_fail(tmp_path: Path, more: dict[str, Any], why: str) -> None:
    rules, records = tmp_path / "rules.json", tmp_path / "records.jsonl"
    rules.write_text(json.dumps({**IMPORT, **more}), encoding="utf-8")
    records.write_text('{"id":"x"}\n', encoding="utf-8")
    done = run("map", str(rules), str(records))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0].endswith(why)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "rules.json is not JSON (line 1, column 2)."),
        ("[]", "rules.json must hold an import: an object with mapping or mappings."),
        (
            '{"mapping":{"fields":[{"extract":"a"}]}}',
            "mapping.fields[0].generate: A path must be a text and not empty.",
        ),
    ],
)
def test_rules_that_are_none(tmp_path: Path, content: str, why: str) -> None:
    rules, records = tmp_path / "rules.json", tmp_path / "records.jsonl"
    rules.write_text(content, encoding="utf-8")
    records.write_text("{}", encoding="utf-8")
    done = run("map", str(rules), str(records))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0].endswith(why)


def test_files_that_are_not_there(files: tuple[str, str]) -> None:
    assert run("map", "/nowhere.json", files[1]).returncode == 2
    assert run("map", files[0], "/nowhere.jsonl").returncode == 1


def test_a_bar_is_drawn_on_a_terminal_alone(files: tuple[str, str]) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "isthmus", "map", *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.read().splitlines() == ['{"key":"a","n":1}', '{"key":"c"}']
    os.close(theirs)
    assert b"mapping" in os.read(ours, 100_000)
    os.close(ours)
    assert "\r" not in run("map", *files).stderr


def test_a_reader_that_leaves_ends_it(tmp_path: Path) -> None:
    rules, records = tmp_path / "rules.json", tmp_path / "records.jsonl"
    rules.write_text("{}", encoding="utf-8")
    records.write_text('{"id":"' + "x" * 1_000 + '"}\n' + '{"a":1}\n' * 50_000, encoding="utf-8")
    command = [sys.executable, "-m", "isthmus", "map", str(rules), str(records)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


@pytest.mark.hostile(90)
def test_numbers_too_wide_for_json_become_doubles(tmp_path: Path) -> None:
    rules, records = tmp_path / "rules.json", tmp_path / "records.jsonl"
    rules.write_text(json.dumps(IMPORT), encoding="utf-8")
    texts = ["18446744073709551615", "18446744073709551616", "-" + "9" * 30, "9" * 390]
    records.write_text("".join(json.dumps({"qty": text}) + "\n" for text in texts), encoding="utf-8")
    done = run("map", str(rules), str(records))
    assert done.stdout.splitlines() == ['{"n":18446744073709551615}', '{"n":1.8446744073709552e+19}', '{"n":-1e+30}']
    assert done.returncode == 1
