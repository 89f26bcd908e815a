"""What each process counts and tells of its life; the sums stand in the database."""
