"""The files of others that we serve are the files that they published."""

import json
import shutil
from pathlib import Path

import pytest

from tools import vendor


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(vendor.VENDOR, tmp_path / "vendor"))


def test_every_vendored_file_is_the_one_in_the_manifest() -> None:
    assert vendor.problems() == []


def test_a_changed_file_is_found(copy: Path) -> None:
    (copy / "htmx.min.js").write_bytes((copy / "htmx.min.js").read_bytes() + b"\n")

    assert vendor.problems(copy) == ["htmx.min.js is not the file that was fetched: somebody changed it."]


def test_a_file_from_nowhere_is_found(copy: Path) -> None:
    (copy / "jquery.min.js").write_text("")

    assert vendor.problems(copy) == ["jquery.min.js is in vendor/, but nothing says where it comes from."]


def test_a_missing_file_and_a_missing_licence_are_found(copy: Path) -> None:
    (copy / "sortable.min.js").unlink()
    (copy / "licences" / "idiomorph.txt").unlink()

    assert vendor.problems(copy) == [
        "sortable.min.js is missing.",
        "licences/idiomorph.txt, the licence of a package, is missing.",
    ]


def test_a_version_that_was_not_fetched_is_found(copy: Path, tmp_path: Path) -> None:
    table = tmp_path / "vendor.toml"
    table.write_text(vendor.TABLE.read_text().replace("2.0.11", "2.0.12"))

    assert vendor.problems(copy, table) == [
        "htmx.min.js was fetched from another package or version than vendor.toml says."
    ]


def test_the_manifest_holds_no_address() -> None:
    assert "://" not in (vendor.VENDOR / vendor.MANIFEST).read_text()
    assert all(
        entry["integrity"].startswith("sha512-")
        for entry in json.loads((vendor.VENDOR / vendor.MANIFEST).read_text()).values()
    )


@pytest.mark.parametrize("name", ["base", "prod", "test", "dev"])
def test_the_locks_pin_every_package_by_hash_and_hold_no_address(name: str) -> None:
    text = (vendor.HERE.parent / "requirements" / f"{name}.txt").read_text()
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]

    assert "://" not in text
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
