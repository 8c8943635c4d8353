"""Handlebars templates: compiled once, run many times, on fuel. Source: handlebars.md.

`compile_template` reads a text into a tree and generates Python for it in which no text of the document is ever source;
`Template.render` runs it over plain JSON data. Nothing reaches outside the data: there is no attribute access.
"""

from isthmus.records.template.compiled import Template, compile_template
from isthmus.records.template.destination import Destination

__all__ = ["Destination", "Template", "compile_template"]
