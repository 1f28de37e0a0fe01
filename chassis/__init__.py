"""What every service stands on: serving, storage, hearing, time and secrets, without one word of the domain."""
