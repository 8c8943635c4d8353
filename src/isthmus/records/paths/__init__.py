"""Paths into plain JSON data: compiled once, read many times; only dicts and lists are ever looked into.

Reading never raises: what is not there is `MISSING`. Source: mapping.md sections 2 and 3.
"""

from isthmus.records.paths.read import MISSING, Missing, Path, compile_path, find, get
from isthmus.records.paths.write import Setter, compile_setter

__all__ = ["MISSING", "Missing", "Path", "Setter", "compile_path", "compile_setter", "find", "get"]
