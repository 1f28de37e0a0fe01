"""Adapters of applications."""
