"""The acts of the window, pure: given what is on file, a command and a day, a fact or a named refusal."""
