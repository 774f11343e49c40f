"""`python -m benchmarks [NAME ...]`: one table of what was measured. See README.md beside this file."""

from __future__ import annotations

import argparse
import sys

from benchmarks import cases
from benchmarks.measuring import Row, table


def main() -> int:
    """Run the named benchmarks, all without a name. 1 where a reach was missed."""
    known = cases.CASES
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures what the tool adds.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is run (default: 5)")
    options = parser.parse_args()
    unknown = set(options.names) - known.keys()
    if unknown:
        parser.error(f"no benchmark named {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    rows: list[Row] = []
    for name in options.names or known:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += known[name](max(1, options.rounds))
    print(table(rows))
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
