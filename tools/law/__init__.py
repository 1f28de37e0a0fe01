"""What the rules of law/ rest on: tables that are computed."""
