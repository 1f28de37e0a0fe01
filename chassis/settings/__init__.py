"""Settings of services and servers, tuning of loops, mounted files and logins."""
