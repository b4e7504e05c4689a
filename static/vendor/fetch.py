"""Fetches the vendored scripts that vendor.json pins, with the npm client, or checks them (no argument, no network)."""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MANIFEST = HERE / "vendor.json"


def unpack(name: str, package: dict) -> None:
    """Packs one pinned version into a temporary folder and copies the files we serve."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{name}@{package['version']}", "--pack-destination", folder],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        archive = next(Path(folder).glob("*.tgz"))
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if package.setdefault("integrity", integrity) != integrity:
            sys.exit(f"{name}: the archive is not the one that was pinned ({integrity})")
        with tarfile.open(archive) as tar:
            for source, target in package["files"].items():
                content = tar.extractfile(f"package/{source}").read()
                if target.endswith(".js"):  # A map that is not here would be a 404 in the console.
                    content = re.sub(rb"\n?//# sourceMappingURL=.*\s*$", b"\n", content)
                (HERE / target).write_bytes(content)
                package.setdefault("sha256", {})[target] = hashlib.sha256(content).hexdigest()


def wrong_files(packages: dict) -> list[str]:
    """The files that are missing or differ from what vendor.json says."""
    sums = {file: sha for package in packages.values() for file, sha in package.get("sha256", {}).items()}
    return [
        file
        for file, sha in sums.items()
        if not (HERE / file).exists() or hashlib.sha256((HERE / file).read_bytes()).hexdigest() != sha
    ]


def main() -> None:
    packages = json.loads(MANIFEST.read_text())
    if "--fetch" in sys.argv:
        for name, package in packages.items():
            unpack(name, package)
        MANIFEST.write_text(json.dumps(packages, indent=2) + "\n")
    if wrong := wrong_files(packages):
        sys.exit("Not as pinned: " + ", ".join(wrong))
    print("vendored files are as pinned")


if __name__ == "__main__":
    main()
