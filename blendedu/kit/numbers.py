"""Numbers in addresses and hidden fields, which anybody can write as they like."""

DIGITS_MAX = 15  # far below what a column holds, far above what any table will have


def number_in(text: str) -> int | None:
    """The number that a text says in plain digits; None for everything else, and for more than any row has."""
    # SECURITY: str.isdigit() also takes "²", of which int() makes an error page.
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX else None
