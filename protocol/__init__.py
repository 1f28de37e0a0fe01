"""Contracts between the services beside the .proto files: identifiers, streams, event headers, envelopes, calendars."""
