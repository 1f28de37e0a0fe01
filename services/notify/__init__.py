"""What an applicant is told, in messages and documents, and the proof that the decision arrived."""
