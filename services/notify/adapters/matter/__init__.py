"""Matters as intake and approval report them: events, table, applicants."""
