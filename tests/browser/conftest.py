"""What the tests in a browser can ask for."""

from tests.browser.flows import approved, barriers, board, lesson, open_as, stage

__all__ = ["approved", "barriers", "board", "lesson", "open_as", "stage"]
