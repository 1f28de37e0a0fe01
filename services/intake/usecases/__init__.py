"""Use cases of the window: a module for each kind of file, a method for each act."""
