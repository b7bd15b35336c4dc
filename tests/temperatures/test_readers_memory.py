"""What the largest files cost: memory while they are read, and how often their rows are gone through."""

import tracemalloc

import pytest
from support.temperature_files import refusal

from benchmarks.uploads import FILES
from lrviz.readers import daily, sniff, year
from lrviz.rows import Table

pytestmark = pytest.mark.thorough

MOST = 300 * 2**20  # bytes beyond those of the file
SMALLER = 50  # times than the benchmark's files, which take a minute under tracemalloc
WIDE = {"days, 1,000 columns": 28}  # or it would hold less than a year


@pytest.mark.parametrize("name", FILES)
def test_memory_grows_less_than_with_the_file(name):
    smaller = WIDE.get(name, SMALLER)
    raw = FILES[name](smaller)
    tracemalloc.start()
    try:
        upload = sniff(raw)
        record = daily(upload, station=next(iter(upload.stations), None))
        year(record, next(y for y, days in record.years if days >= 365), one_unit=True)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST / smaller + 5 * 2**20  # what the blocks of lines take does not grow


def test_rows_are_gone_through_once_for_all_columns_and_once_more_for_another(monkeypatch):
    whole = []
    blocks = Table.blocks

    def counted(self, step=1):
        numbers = 0
        for block in blocks(self, step):
            numbers += len(block[0])
            yield block
        whole.append(numbers)

    monkeypatch.setattr(Table, "blocks", counted)
    rows = [
        f"{1900 + i // 365}-{1 + i % 365 // 31:02d}-{1 + i % 365 % 31:02d},{i % 30},1,2"
        for i in range(20_000)
        if i % 365 % 31 < 28
    ]
    upload = sniff("\n".join(["date,tmax,tmin,rain", *rows]).encode())
    assert [n for n in whole if n == len(rows)] == [len(rows)]
    daily(upload)
    daily(upload, unit="F", value=("tmax", "tmin"))
    assert [n for n in whole if n == len(rows)] == [len(rows)]
    daily(upload, value="rain")
    daily(upload, value="rain", unit="C")
    assert [n for n in whole if n == len(rows)] == [len(rows)] * 2


def test_a_limit_is_checked_before_lines_become_twelve_times_as_many():
    row = " 2099    1   44   52   71   93  121  150  172  171  148  110   75   55\n"
    raw = row.encode() * 250_000
    tracemalloc.start()
    try:
        assert "83,333 lines of twelve months, got 250,001" in refusal(sniff, raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * 2**20
