"""Damaged files: hundreds of mutations of every example and of a whole year of each format, drawn from fixed seeds. Whatever
happens to a file, the readers give a result or a refusal of one sentence, and no warning."""

import random

import pytest
from support.temperature_files import FILES, YEARS, calendar, weather
from test_readers_refusals import read

pytestmark = pytest.mark.thorough

MUTATIONS = 12  # of each file
DAYS = calendar()[:70]
WHOLE = {path.name: path.read_bytes() for path in sorted(FILES.iterdir())}
WHOLE |= {kind: YEARS[kind](DAYS, weather(DAYS)).encode() for kind in YEARS}


def flip(raw, draw):
    at = draw.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << draw.randrange(8))]) + raw[at + 1 :]


def cut(raw, draw):
    begin, end = sorted(draw.randrange(len(raw) + 1) for _ in range(2))
    return raw[:begin] + raw[end:]


def of_lines(change):
    def mutation(raw, draw):
        lines = raw.split(b"\n")
        at = draw.randrange(len(lines))
        lines[at : at + 1] = change(lines[at], draw)
        return b"\n".join(lines)

    return mutation


def of_a_field(change):
    def line(text, draw):
        sep = max((b",", b";", b"\t", b" "), key=text.count)
        fields = text.split(sep)
        at = draw.randrange(len(fields))
        fields[at : at + 1] = change(fields[at], draw)
        return [sep.join(fields)]

    return of_lines(line)


WORDS = (
    b"",
    b"\x00",
    b"-9999",
    b"1e400",
    b"nan",
    b"inf",
    b'"',
    b"2099-02-30",
    b"9" * 30,
    "١٢".encode(),
    b"\xff",
    b"0001-01-01",
    b"T",
    b" ",
    b"-",
    b"\x85",
)
KINDS = {
    "a bit flipped": flip,
    "bytes cut out": cut,
    "a row cut": of_lines(lambda line, draw: [line[: draw.randrange(len(line) + 1)]]),
    "a row left out": of_lines(lambda line, draw: []),
    "a row doubled": of_lines(lambda line, draw: [line, line]),
    "rows joined": of_lines(lambda line, draw: [line + line]),
    "a field doubled": of_a_field(lambda field, draw: [field, field]),
    "a field left out": of_a_field(lambda field, draw: []),
    "another field": of_a_field(lambda field, draw: [draw.choice(WORDS)]),
    "a broken encoding": lambda raw, draw: raw.decode("utf-8").encode(draw.choice(("utf-16", "utf-16-be", "utf-8-sig", "utf-7"))),
    "bytes of none": lambda raw, draw: raw.replace(bytes([draw.choice(raw)]), draw.choice((b"\x00", b"\xc3", b"\xa0", b"\xf0\x9f", b"")), draw.randrange(1, 9)),
}  # fmt: skip


def mutated(raw, seed):
    draw = random.Random(seed)
    for _ in range(draw.randrange(1, 4)):
        raw = raw or b" "
        try:
            raw = draw.choice([*KINDS.values()])(raw, draw)
        except UnicodeDecodeError:  # broken before
            continue
    return raw


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_gives_a_result_or_a_sentence(name):
    for seed in range(MUTATIONS):
        read(mutated(WHOLE[name], f"{name} {seed}"), name)
