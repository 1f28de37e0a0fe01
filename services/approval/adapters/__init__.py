"""Adapters of approval: the wire, the database, the streams."""
