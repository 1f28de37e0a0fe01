"""From the ticket to acceptance: the catalogue, the five days, the hall, the applicant's vault."""
