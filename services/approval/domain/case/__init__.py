"""Cases: each is one leg of one matter, the street's or the district's, with its own clock."""
