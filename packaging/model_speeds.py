"""Write what was measured of drafting models into models/manifest.toml, from the table in the README.

Paste what this prints into the README, under "Models of other sizes", then run this script:

    .venv/bin/scribe bench latency --sizes 1.7b 4b 8b 14b
    .venv/bin/python packaging/model_speeds.py            # write
    .venv/bin/python packaging/model_speeds.py --check    # only tell; exit status 1 where they differ

So no figure is typed by hand. A model whose `shape` is not in the table has none.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "models" / "manifest.toml"
README = ROOT / "README.md"
TABLE = re.compile(
    r"^models with random weights, (?P<where>.+)\n.*\n(?P<rows>(?:[\d.]+b .+\n)+)", re.MULTILINE
)
ROW = re.compile(r"(\S+) +(\d+) MB +(\d+) MB +\S+ s +(\S+) tok/s +(\S+) tok/s")


def speeds(readme: str) -> dict[str, str]:
    """What was measured of each size, in words.

    Raises:
        SystemExit: the README has no such table.
    """
    table = TABLE.search(readme)
    rows = [ROW.match(line) for line in table["rows"].splitlines()] if table else []
    if table is None or not all(rows):
        raise SystemExit("the README has no table as scribe bench latency --sizes prints it")
    return {
        row[1]: f"reads {row[4]} and writes {row[5]} tokens a second in {int(row[3]):,} MB of memory; "
        f"random weights in its shape, {table['where']}"
        for row in rows
        if row is not None
    }


def refreshed(manifest: str, measured: dict[str, str]) -> str:
    """The manifest's text with `measured` after each `shape`; everything else stays as it is."""
    bare = re.sub(r'(?m)^measured = ".*"\n', "", manifest)
    return re.sub(
        r'(?m)^shape = "(.+)"\n',
        lambda line: line[0] + (f'measured = "{measured[line[1]]}"\n' if line[1] in measured else ""),
        bare,
    )


def main() -> int:
    """Exit status 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    before = MANIFEST.read_text(encoding="utf-8")
    after = refreshed(before, speeds(README.read_text(encoding="utf-8")))
    if before == after:
        print("the manifest says what the README says")
        return 0
    if options.check:
        print("the README has other figures: run packaging/model_speeds.py")
        return 1
    MANIFEST.write_text(after, encoding="utf-8")
    print("written to models/manifest.toml")
    return 0


if __name__ == "__main__":
    sys.exit(main())
