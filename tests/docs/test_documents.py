"""The documents name only what exists, and leave out what is of one machine only."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[a-z]*/README.md")])
NAMES = [document.relative_to(ROOT).as_posix() for document in DOCUMENTS]
# Made when the product runs, so not in the repository.
MADE = ("data", ".venv", "staticfiles", "media", ".env", "shots", "uv.lock")

in_ticks = re.compile(r"`([^`\n]+)`")
# A path has a folder, and nothing that a pattern or a sentence would have.
is_path = re.compile(r"\.?[\w-]+(/[\w.-]+)+/?|[\w-]+/|[\w-]+\.md")
picture = re.compile(r"!?\[[^\]]*\]\(([^)#:]+)\)")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def exists(name: str, document: Path) -> bool:
    """From the top, from the folder of the document, or inside of any app, as in `services/plan.py`."""
    wanted = name.rstrip("/")
    if wanted.split("/")[0] in MADE:
        return True
    if (ROOT / wanted).exists() or (document.parent / wanted).exists():
        return True
    return any(ROOT.glob(f"*/{wanted}")) or any(ROOT.glob(f"blendedu/*/{wanted}"))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_names_only_files_that_exist(name: str) -> None:
    document = ROOT / name
    text = document.read_text()
    named = {word for word in in_ticks.findall(text) if is_path.fullmatch(word)} | set(picture.findall(text))

    assert sorted(word for word in named if not exists(word, document)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_document_names_only_commands_that_make_knows(name: str) -> None:
    commands = re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z ]+)`", (ROOT / name).read_text())

    assert {word for command in commands for word in command.split()} - targets() == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_true_on_every_machine(name: str) -> None:
    assert re.findall(r"(?<![\w.])/(?:root|home|work|tmp|Users)/\S+", (ROOT / name).read_text()) == []


def test_the_first_page_says_how_to_run_and_how_to_check() -> None:
    text = (ROOT / "README.md").read_text()

    assert "```sh\nmake run\n```" in text
    assert "```sh\nmake test\n```" in text
