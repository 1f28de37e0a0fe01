"""Use cases of approval: the acts of desks on cases, and the lookups of desks and supervisors."""
