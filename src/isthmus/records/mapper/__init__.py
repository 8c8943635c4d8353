"""Mapper 1.0 and Mapper 2.0: rules read into plans, plans made into functions. Source: mapping.md sections 2 and 3."""
