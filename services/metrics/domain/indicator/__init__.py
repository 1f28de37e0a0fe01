"""Indicators of the hall (指标) and the conditions by which they count."""
