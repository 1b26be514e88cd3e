"""The work that this app can be asked to do later."""

from __future__ import annotations

from datetime import datetime

from blendedu.journal import work
from institution import services


@work.does(services.JUDGE)
def judge(ref: int, at: datetime) -> None:
    services.tell_of_rule(ref, at=at)
