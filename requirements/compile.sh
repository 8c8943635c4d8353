#!/usr/bin/env bash
# Locks every dependency by version and hash, without naming an index (run: make lock).
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  "${COMPILER:-.venv/bin/pip-compile}" --quiet --strip-extras --generate-hashes --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header "$@"
}
compile --extra build --output-file requirements/base.txt pyproject.toml
compile --extra build --extra test --constraint requirements/base.txt --output-file requirements/test.txt pyproject.toml
compile --extra build --extra test --extra dev --constraint requirements/test.txt --output-file requirements/dev.txt pyproject.toml
