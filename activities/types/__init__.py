"""One module per type of activity. They do not know each other, and nothing else knows them by name."""
