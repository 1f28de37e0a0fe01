"""The echo service: a small service behind the real edge, with its contract, as fixtures and as a process."""
