"""The claims of the lecture notes about averages, each as settings."""

from ..lesson import Preset

PRESETS = (
    Preset(
        claim="E1", title="A year of temperatures, β = 0.9",
        look="The line for β = 0.9 runs through the middle of the daily readings: each day it keeps nine tenths of what it "
        "was and takes one tenth of today.",
        settings={"betas": (0.9,), "focus": 1, "section": "numbers"}, carries=("about 10 days",),
        slip="“about 180 days, the end of May”: day 180 is 29 June.",
        remark="In code it is the one line v := βv + (1 − β)θ, which overwrites the one number that is kept.",
    ),
    Preset(
        claim="E2", title="β = 0.98 against β = 0.5",
        look="The line for 0.98 is smoother, lies further to the right and turns late; the line for 0.5 is quick and noisy.",
        settings={"betas": (0.98, 0.5), "focus": 1, "mean": True, "section": "numbers"}, carries=("β = 0.98", "49 days behind"),
    ),
    Preset(
        claim="E3", title="About 1/(1 − β) days",
        look="In the numbers below, the three averages reach back about 2, 10 and 50 days.",
        settings={"section": "numbers", "mean": True}, carries=("2, 10 and 50 days",),
    ),
    Preset(
        claim="E4", title="Day 100 unrolled",
        look="The average of day 100 is a sum of weights times temperatures; each day further back weighs 0.9 times the day after it.",
        settings={"day": 100, "betas": (0.9,), "focus": 1, "section": "unrolled", "window": "memory"}, figure="unrolled",
        carries=("0.1 × 10.42",), slip="“0.1 × 0.9² θ₉₉”: one day back the weight is 0.1 × 0.9; 0.1 × 0.9² = 0.081 belongs to θ₉₈, two days back.",
    ),
    Preset(
        claim="E5", title="Why 1/(1 − β): the weight falls to 1/e",
        look="After 1/(1 − β) days a weight is close to 1/e of the newest: the dashed line meets the bars there.",
        settings={"day": 200, "betas": (0.9, 0.98), "focus": 1, "section": "unrolled"}, figure="unrolled",
        carries=("0.3487", "0.3679"), slip="“below a third after 10 days”: 0.9¹⁰ = 0.349 is still above; the weight falls below a third on day 11.",
    ),
    Preset(
        claim="E5", title="0.98⁵⁰ is close to 1/e, too",
        look="For β = 0.98 the weight takes 50 days to fall to about 1/e of the newest: (1 − ε)^(1/ε) with ε = 0.02.",
        settings={"day": 300, "betas": (0.9, 0.98), "focus": 2, "section": "unrolled"}, figure="unrolled",
        carries=("β^50 = 0.3642", "0.3679"),
    ),
    Preset(
        claim="E6", title="Against a true moving window",
        look="Both follow the year. Which lies nearer the known mean is computed, and changes with the length of the window.",
        settings={"betas": (0.9,), "focus": 1, "section": "window", "mean": True}, figure="against_window",
        carries=("nearer the known mean",),
        remark="The notes say that a window often estimates better. Here it depends on the length: over 30 years the average misses the "
        "known mean by 1.65 °C and the window by 1.93 °C at 10 days, by 3.14 and 2.28 °C at 50 days, and each at its best length by "
        "1.64 and 1.69 °C.",
    ),
    Preset(
        claim="E7", title="The start is too low",
        look="The dotted line starts near zero, the solid one in the middle of the readings; later they meet.",
        settings={"betas": (0.98,), "focus": 1, "corrected": True, "day": 2, "last_day": 200, "section": "first_days", "unit": "F"},
        carries=("0.0396", "starts at 0.80 °F"), slip="“0.02 × 40 = 8”: it is 0.8.",
        remark="How low the start is depends on the unit: for β = 0.9 the first average is 4 °F or 0.44 °C, which is not the same "
        "temperature; the corrected average does not depend on it. As the notes say, most people leave the correction out and wait until the start is over.",
    ),
    Preset(
        claim="E8", title="A middle β is best",
        look="Too small a decay rate lets the weather through, too large a one comes late: the error is least in between.",
        settings={"section": "error", "corrected": True, "mean": True}, figure="error_against_beta",
        carries=("2.37", "1.65", "3.14"),
    ),
)  # fmt: skip
