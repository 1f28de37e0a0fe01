"""Everything the window can do: a module for each kind of file, a method for each act."""
