"""The files of others in static/vendor/: fetched once by a developer, checked by everybody.

    python -m tools.vendor            check, without a network, that every file is the one in the manifest
    python -m tools.vendor --fetch    fetch what tools/vendor.toml names with `npm pack`, and write the manifest

The product never asks another host for a script, and nobody who runs it needs Node.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TABLE = HERE / "vendor.toml"
VENDOR = HERE.parent / "static" / "vendor"
MANIFEST = "manifest.json"


def problems(vendor: Path = VENDOR, table: Path = TABLE) -> list[str]:
    """What differs between the table, the manifest and the files; nothing, when all is well."""
    wanted = tomllib.loads(table.read_text(encoding="utf-8"))
    manifest: dict[str, dict[str, str]] = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))
    found: list[str] = []
    for name in sorted(wanted.keys() | manifest.keys()):
        if name not in wanted:
            found.append(f"{name} is in the manifest, but not in {table.name}.")
        elif name not in manifest:
            found.append(f"{name} is in {table.name}, but was never fetched.")
        elif {key: manifest[name][key] for key in ("package", "version", "path")} != wanted[name]:
            found.append(f"{name} was fetched from another package or version than {table.name} says.")
        elif not (vendor / name).is_file():
            found.append(f"{name} is missing.")
        elif _sha384((vendor / name).read_bytes()) != manifest[name]["sha384"]:
            found.append(f"{name} is not the file that was fetched: somebody changed it.")
    licences = {entry["licence_file"] for entry in manifest.values()}
    known = {MANIFEST} | manifest.keys() | licences
    there = {file.relative_to(vendor).as_posix() for file in vendor.rglob("*") if file.is_file()}
    found += [f"{name} is in {vendor.name}/, but nothing says where it comes from." for name in sorted(there - known)]
    found += [f"{name}, the licence of a package, is missing." for name in sorted(licences - there)]
    return found


def fetch(vendor: Path = VENDOR, table: Path = TABLE) -> None:
    """Write every file of the table, its licence, and the manifest, from the packages themselves."""
    wanted: dict[str, dict[str, str]] = tomllib.loads(table.read_text(encoding="utf-8"))
    (vendor / "licences").mkdir(parents=True, exist_ok=True)
    manifest: dict[str, dict[str, str]] = {}
    for name, source in wanted.items():
        package, version = source["package"], source["version"]
        with tempfile.TemporaryDirectory() as folder:
            packed = _npm_pack(f"{package}@{version}", folder)
            with tarfile.open(Path(folder) / packed["filename"]) as archive:
                content = _member(archive, source["path"])
                about = json.loads(_member(archive, "package.json"))
                licence = _licence(archive)
        licence_file = f"licences/{package.strip('@').replace('/', '-')}.txt"
        (vendor / name).write_bytes(content)
        (vendor / licence_file).write_bytes(licence)
        manifest[name] = {
            **source,
            "licence": about["license"],
            "licence_file": licence_file,
            "integrity": packed["integrity"],
            "sha384": _sha384(content),
        }
        print(f"{name}: {package} {version}, {len(content):,} bytes, {about['license']}")
    (vendor / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _npm_pack(package: str, folder: str) -> dict[str, Any]:
    command = ["npm", "pack", "--json", "--ignore-scripts", package]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 -- our table
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer[0]


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    file = archive.extractfile(f"package/{path}")
    if file is None:
        raise SystemExit(f"The package has no file {path}.")
    return file.read()


def _licence(archive: tarfile.TarFile) -> bytes:
    for name in archive.getnames():
        if name.removeprefix("package/").split(".")[0].upper() in {"LICENSE", "LICENCE"}:
            return _member(archive, name.removeprefix("package/"))
    raise SystemExit("The package has no licence beside it; look, before it is served to anybody.")


def _sha384(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def main() -> None:
    if "--fetch" in sys.argv[1:]:
        fetch()
    if found := problems():
        sys.exit("\n".join(found))
    print("Every vendored file is the one in the manifest.")


if __name__ == "__main__":
    main()
