"""The approved texts of messages and how they are filled in."""
