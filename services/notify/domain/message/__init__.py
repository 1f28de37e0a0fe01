"""Messages to the applicant: which exist, which are suppressed, when each may go out and how it ends."""
