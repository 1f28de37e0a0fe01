"""Everything approval can be asked for: the desks' part, and the district's."""
