"""The world around the services: a hall's year, its residents, the district's own system and an SMS gateway."""
