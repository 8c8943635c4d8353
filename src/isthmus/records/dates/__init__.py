"""Dates as moment.js writes and reads them, over datetime and zoneinfo. Source: mapping.md section 8, handlebars.md section 5."""
