"""Rules of the window, pure: from what is on file, a command and a day to a fact or a named refusal."""
