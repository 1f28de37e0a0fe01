"""The law's own arithmetic: calendars, terms, lamps, identifiers, desks. Pure: no clock, wire or database in it."""
