"""The rules of a case, pure: acts say what happens or why it is not allowed, by facts and dates alone."""
