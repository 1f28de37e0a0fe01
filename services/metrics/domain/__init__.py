"""Indicators, periods and the progress of a matter, as pure functions over received facts."""
