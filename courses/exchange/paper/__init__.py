"""A course on paper: the design for a meeting table or the quality office, the guide for its students."""
