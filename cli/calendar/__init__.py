"""Commands of the calendar: terms by hand, and the holidays of a year."""
