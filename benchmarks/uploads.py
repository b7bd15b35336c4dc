"""The largest files that may be uploaded: seconds and memory from their bytes to a year, in a process of their own each.

`python -m benchmarks uploads`; memory is the highest resident set beyond that before reading, and beyond the file's bytes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

LARGEST = 20 * 2**20 - 1
FIRST = date(1600, 1, 1)


def _filled(header: str, row: Callable[[int], str], rows: int, share: int) -> bytes:
    """As many rows as there are, or as fit, of every so many."""
    lines, size = [header], len(header.encode()) + 1
    for i in range(rows // share):
        lines.append(row(i))
        size += len(lines[-1].encode()) + 1
        if size > LARGEST // share:
            lines.pop()
            break
    return "\n".join(lines).encode()


def _hour(i: int) -> str:
    return (datetime(1600, 1, 1) + timedelta(hours=i)).isoformat(timespec="minutes")


def _day(i: int) -> str:
    return (FIRST + timedelta(i)).isoformat()


def _months(share: int) -> bytes:
    lines = []
    for i in range(18_600 // share):
        year, day = FIRST.year + i // 31, i % 31 + 1
        lengths = ((date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days for month in range(1, 13))
        values = (f"{(37 * i) % 300 - 50:5d}" if day <= length else " -999" for length in lengths)
        lines.append(f"{year:5d}{day:5d}" + "".join(values))
    return "\n".join(lines).encode()


FILES: dict[str, Callable[[int], bytes]] = {  # a share of the largest file: 1 is all of it
    "hours": lambda share: _filled("time,temperature_2m (°C)", lambda i: f"{_hour(i)},{i % 300 / 10}", 999_000, share),
    "hours, highest and lowest": lambda share: _filled(
        "time,tmax,tmin", lambda i: f"{_hour(i)},{i % 30},1", 999_000, share
    ),
    "hours, every value another": lambda share: _filled(
        "time,temp", lambda i: f"{_hour(i)},{(i % 999_983) * 1e-5:.5f}", 999_000, share
    ),
    "days, 21 columns": lambda share: _filled(
        ",".join(["date", *(f"x{k}" for k in range(20)), "tavg"]),
        lambda i: ",".join([_day(i), *(str(i * k % 100) for k in range(20)), "1.5"]), 219_000, share,
    ),
    "days, 1,000 columns": lambda share: _filled(
        ",".join(["date", "temp", *(f"c{k}" for k in range(1000))]), lambda i: f"{_day(i)},5" + ",1" * 1000, 20_000, share
    ),
    "days, 400 stations": lambda share: _filled(
        "station,date,temp", lambda i: f"{i // 2400},{_day(i % 2400)},5", 960_000, share
    ),
    "days, not in Latin letters": lambda share: _filled(
        "date,temp,\U0001f600", lambda i: f"{_day(i)},{i % 30}," + "\U0001f600" * 20, 219_000, share
    ),
    "months side by side": _months,
}  # fmt: skip


def highest() -> int:
    """The highest resident set of this process so far, in kB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def measure(name: str) -> None:
    """One line of the table."""
    from lrviz.readers import daily, sniff, year

    sniff(b"date,temp\n2099-01-01,1\n")  # the libraries
    raw = FILES[name](1)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the highest begins anew
    before, begin, processor = highest(), time.perf_counter(), time.process_time()
    upload = sniff(raw)
    record = daily(upload, station=next(iter(upload.stations), None))
    year(record, next(y for y, days in record.years if days >= 365), one_unit=True)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    print(
        f"| {name} | {len(raw) / 2**20:.1f} MB | {seconds:.1f} s | {processor:.1f} s | {(highest() - before) / 1024:.0f} MB |"
    )


def main() -> None:
    print(
        "| largest file | size | to a year | processor | memory beyond it |\n| --- | --: | --: | --: | --: |",
        flush=True,
    )
    for name in FILES:
        words = f"from benchmarks.uploads import measure; measure({name!r})"
        subprocess.run([sys.executable, "-c", words], check=True)


if __name__ == "__main__":
    main()
