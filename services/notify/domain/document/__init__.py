"""Documents for the applicant: which are issued, their numbers and their content."""
