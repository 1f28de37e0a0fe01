"""The report command and its formats."""
