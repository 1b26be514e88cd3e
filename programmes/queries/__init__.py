"""What a programme holds: its courses in their terms, what they ask of a cohort, and what they work towards."""

from programmes.queries.load import NotThere, TermLoad, courses_by_term, courses_of, load_of, with_sizes

__all__ = ["NotThere", "TermLoad", "courses_by_term", "courses_of", "load_of", "with_sizes"]
