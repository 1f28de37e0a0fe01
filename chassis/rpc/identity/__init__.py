"""Callers of RPCs: staff by token, systems by client certificate, bearers of passes."""
