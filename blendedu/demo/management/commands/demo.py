"""The demo world, from the command line."""

from __future__ import annotations

import json
import shutil
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from blendedu.demo import accounts, world
from blendedu.demo.pages import all_pages


class Command(BaseCommand):
    help = (
        "Build the demo world: empties the database and the uploaded files, then builds everything new. It asks "
        "nothing on the embedded database; on any other it refuses without --yes-delete-everything. It is not there "
        "in production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Build it only where nobody has an account yet; delete nothing."
        )
        parser.add_argument("--accounts", action="store_true", help="Print who can be signed in as, and do nothing.")
        parser.add_argument(
            "--pages", action="store_true", help="Print the main pages as JSON, for pictures and browser tests."
        )
        parser.add_argument(
            "--yes-delete-everything",
            action="store_true",
            help="Empty a database that is not the embedded one, with everything that is in it.",
        )

    def handle(
        self, *args: Any, if_empty: bool, accounts: bool, pages: bool, yes_delete_everything: bool, **options: Any
    ) -> None:  # Any: as Django calls a command
        if accounts:
            self.say_accounts()
            return
        if pages:
            self.stdout.write(json.dumps([asdict(page) for page in all_pages()]))
            return
        if settings.PRODUCTION or not settings.BLENDEDU_DEMO:
            raise CommandError("The demo world is not built here: BLENDEDU_DEMO is off, or this is production.")
        if world.is_there():
            if if_empty:
                return
            if not settings.EMBEDDED and not yes_delete_everything:
                raise CommandError(
                    "This would delete everything in a database that is not the embedded one. "
                    "If that is what you want, add --yes-delete-everything."
                )
            self.empty()
        self.stdout.write("Building the demo world.")
        begun = time.monotonic()
        world.build()
        self.stdout.write(f"Built in {time.monotonic() - begun:.0f} s.")

    def empty(self) -> None:
        """Empty every table, and remove what was uploaded and what waits in the queue of the embedded site."""
        call_command("flush", interactive=False, verbosity=0)
        for folder in (Path(settings.MEDIA_ROOT), Path(settings.QUEUE) / "messages"):
            for inside in folder.iterdir() if folder.is_dir() else ():
                shutil.rmtree(inside) if inside.is_dir() else inside.unlink(missing_ok=True)

    def say_accounts(self) -> None:
        rows = accounts()
        if not rows:
            return
        wide = max(len(row.role) for row in rows), max(len(row.email) for row in rows)
        self.stdout.write(_("Sign in as:"))
        for row in rows:
            self.stdout.write(f"  {row.role:<{wide[0]}}  {row.email:<{wide[1]}}  {row.password}   {row.name}")
