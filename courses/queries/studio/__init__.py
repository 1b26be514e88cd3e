"""What the Studio shows: one design as a board, with its rhythm, its load, its balance and what is worth a look."""

from courses.queries.studio.beside import Mix, Share
from courses.queries.studio.cards import Card
from courses.queries.studio.page import LENSES, Column, Row, Slot, StudioPage

__all__ = ["LENSES", "Card", "Column", "Mix", "Row", "Share", "Slot", "StudioPage"]
