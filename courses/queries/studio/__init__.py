"""What the Studio shows: one design as a board, with its rhythm, its load, its balance and what is worth a look."""

from courses.queries.studio.beside import Mix, Share
from courses.queries.studio.boards import Boards, Column, Row, Slot
from courses.queries.studio.cards import Card
from courses.queries.studio.looking import LENSES, Look
from courses.queries.studio.page import StudioPage

__all__ = ["LENSES", "Boards", "Card", "Column", "Look", "Mix", "Row", "Share", "Slot", "StudioPage"]
