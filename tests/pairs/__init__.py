"""Two acts on one matter at the same instant, every pair of them, against the whole stack."""
