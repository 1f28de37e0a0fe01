"""Delivery of the decision: when it opens, its last day and its proof."""
