"""Everything notify does: it tells, it issues, it hands out."""
