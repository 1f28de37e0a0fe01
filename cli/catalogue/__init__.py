"""Commands that check, compare and publish the catalogue."""
