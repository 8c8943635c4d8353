"""Dates as moment.js writes and reads them, over datetime and zoneinfo.

Source: mapping.md section 8, handlebars.md section 5. A date that cannot be read, a year outside 1..9999 and an unknown
time zone are a RecordError at run time; a zone or format that stands in a rule is checked when the rule is compiled.
"""

from isthmus.records.dates.convert import Conversion, compile_conversion
from isthmus.records.dates.read import compile_reader, read_any
from isthmus.records.dates.write import compile_writer, write_iso
from isthmus.records.dates.zones import zone

__all__ = ["Conversion", "compile_conversion", "compile_reader", "compile_writer", "read_any", "write_iso", "zone"]
