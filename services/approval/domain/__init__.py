"""Rules of approval, pure: no clock, no store, no wire."""
