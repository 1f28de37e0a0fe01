"""Messages, documents and the delivery of decisions: everything that the applicant receives."""
