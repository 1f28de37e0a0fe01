"""The acts of notify, pure: what is told, what is issued, what is delivered."""
