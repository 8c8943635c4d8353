"""The chain of an outbound HTTP call, one file a link."""
