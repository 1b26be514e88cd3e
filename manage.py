#!/usr/bin/env python3
"""Commands of the project: `python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blendedu.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- after the line above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
