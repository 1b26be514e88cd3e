"""Make static/icons/sprite.svg from the icons that the product uses.

Run at development time, with npm at hand:

    python tools/icons.py                 fetch lucide-static with `npm pack` and write the sprite again
    python tools/icons.py FOLDER          the same from an unpacked copy of the package

The sprite is committed, so nobody who runs the product needs npm. Add a name below, run it, commit both.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "lucide-static@1.62.0"
SPRITE = Path(__file__).resolve().parent.parent / "static" / "icons" / "sprite.svg"

NAMES = """
alarm-clock archive arrow-down arrow-left arrow-right arrow-right-left arrow-up award badge-check bell bell-off
book-open book-open-check book-open-text briefcase building-2 cable calculator calendar calendar-check calendar-clock
calendar-days calendar-plus captions chart-column check check-check chevron-down chevron-left chevron-right chevron-up
circle circle-alert circle-check circle-dot circle-play circle-question-mark circle-x clipboard-check clipboard-list
clock cloud-off copy download ellipsis ellipsis-vertical external-link eye eye-off file file-text flag funnel
graduation-cap grip-vertical hand history hourglass house inbox info key-round layers layout-grid library lightbulb
link list list-checks loader-circle lock log-in log-out mail map-pin menu message-circle message-square
message-square-text messages-square monitor moon move notebook-pen paperclip pause pen-line pencil play plus
presentation printer redo-2 refresh-cw repeat-2 save scale search send settings share-2 shield-check
sliders-horizontal sparkles star sun sun-moon table-2 target text-cursor-input timer toggle-left trash-2
triangle-alert undo-2 upload user user-check user-plus users video waypoints wifi-off x
""".split()


def shapes(svg: str) -> str:
    """What an icon draws, without its frame: the frame is the page's own, see .ic in base.css."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if inside is None:
        raise SystemExit("An icon of the package is not an SVG.")
    return re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", inside.group(1).strip()))


def sprite(package: Path) -> str:
    """One SVG with a symbol for each name, and where the drawings come from."""
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    missing = [name for name in NAMES if not (package / "icons" / f"{name}.svg").exists()]
    if missing:
        raise SystemExit(f"Lucide {version} has no icon named: {', '.join(missing)}")
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">'
        + shapes((package / "icons" / f"{name}.svg").read_text(encoding="utf-8"))
        + "</symbol>"
        for name in sorted(NAMES)
    ]
    note = (
        f"Lucide icons {version}, ISC License, copyright Lucide Icons and Contributors; some derived from Feather, "
        "MIT License, copyright 2013-present Cole Bemis. Made by tools/icons.py: do not edit."
    )
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {note} -->', *symbols, "</svg>", ""])


def main() -> None:
    if len(sys.argv) > 1:
        SPRITE.write_text(sprite(Path(sys.argv[1])), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(  # noqa: S603 -- fixed command, at development time only
            ["npm", "pack", "--silent", PACKAGE],  # noqa: S607 -- npm is wherever the developer has it
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(Path(folder) / packed.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(folder, filter="data")
        SPRITE.write_text(sprite(Path(folder) / "package"), encoding="utf-8")


if __name__ == "__main__":
    main()
