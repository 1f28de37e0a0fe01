"""Adapters of notify: streams, calls, database, gateway and object store."""
