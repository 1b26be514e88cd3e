"""Django's backend for PostgreSQL, with less talk between the two: see base.py."""
