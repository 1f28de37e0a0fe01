"""Dashboards from dashboards.yaml, and a picture of the board."""
