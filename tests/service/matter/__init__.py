"""One matter in four services: what happens to it, and what each of them says of it afterwards."""
