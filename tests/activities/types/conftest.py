"""The clock of these tests stands still."""

from __future__ import annotations

import pytest
import time_machine

from tests.factories import NOW


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
