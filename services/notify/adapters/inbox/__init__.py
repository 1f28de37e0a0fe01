"""Streams that notify receives: their events as reports, matters and messages."""
