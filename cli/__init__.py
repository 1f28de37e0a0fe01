"""The `onewindow` command: what a window clerk, a supervisor or district IT types."""
