"""The process that keeps the programs of the stack running, and what it shares with the commands."""
