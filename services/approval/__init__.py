"""From acceptance to decision: the term, the route, the cards, the hand-off to the district."""
