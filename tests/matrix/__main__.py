"""`python -m tests.matrix [--full] [--only WORDS]`: run the matrix and print it. 1 where something did not hold."""

import argparse
import sys

from .running import Outcome
from .whole import run_matrix, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description="every fault x every link")
    parser.add_argument("--full", action="store_true", help="each fault at every request of the device")
    parser.add_argument("--only", default="", metavar="WORDS", help="cells whose name holds these words")
    options = parser.parse_args()

    def told(one: Outcome) -> None:
        print(f"{one.seconds:5.1f} s  {one.cell}: {one.word}{'  !!' if one.problems else ''}", file=sys.stderr)

    matrix = run_matrix(full=options.full, told=told, only=options.only)
    print(table(matrix))
    return 1 if any(one.problems for one in matrix.outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
