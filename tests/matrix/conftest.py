"""What sweeps of simulated modems need stands beside their own tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "sweep"))
