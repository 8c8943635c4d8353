"""The operators of filters. Source: mapping.md section 6."""
