"""Ratios within one run, never absolute times: `make bench` runs all of them and prints tables in Markdown."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # where those that are used here find each other
