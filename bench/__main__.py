"""Runs the measurements: all of them, or those that are named."""

import sys

from bench import export, get, imports, mapping, templates

ALL = {
    "export": export.main,
    "get": get.main,
    "import": imports.main,
    "mapping": mapping.main,
    "templates": templates.main,
}

for name in sys.argv[1:] or ALL:
    print(f"== {name}")
    ALL[name]()
