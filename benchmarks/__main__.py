"""`make bench`: the core, repainting, start-up. `python -m benchmarks load` and `... soak` measure many students."""

from __future__ import annotations

import importlib
import platform
import sys

USUAL = ("core", "startup", "repaint")


def main(names: list[str]) -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}")
    for name in names or USUAL:
        print(f"\n## {name}\n", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
