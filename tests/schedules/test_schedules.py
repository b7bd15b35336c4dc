"""Facts: the rates of other libraries, at boundaries, multiples and past the end, and the lecture's own numbers.

Each table below lists cases: a schedule with its settings, then step:rate pairs as printed by the library with all
their digits.
"""

import numpy as np
import pytest
from support.library_facts import KERAS, OPTAX, TORCH, cases

from lrviz.schedules import SCHEDULES

# The formulas of tf.train.linear_cosine_decay (TensorFlow 1.15, which no longer installs), in mpmath 1.3 with 40 digits:
# a0 ((alpha + (T-s)/T) (1 + cos(pi 2 P s/T))/2 + beta), s = min(step, T).
TF1 = """\
linear_cosine_decay  initial_learning_rate=0.1 decay_steps=1000
    0:0.1001  1:0.09999975350683281  250:0.06411650429449553  500:0.0251  999:0.00010000024673990709
    1000:0.0001  1001:0.0001  9000:0.0001
linear_cosine_decay  initial_learning_rate=0.3 decay_steps=400 num_periods=2.5 alpha=0.1 beta=0.02
    0:0.336  1:0.335123080091129  33:0.20005359866065694  80:0.006  160:0.216  399:0.0060118535677988845
    400:0.006  401:0.006
"""

# The formulas of tensor2tensor/utils/learning_rate.py in mpmath 1.3 with 30 digits: noam without its factor of 5000,
# rsqrt_decay times a0 sqrt(warmup).
TENSOR2TENSOR = """\
noam  initial_learning_rate=1.0
    0:1.7469281074217108e-07  1:3.4938562148434215e-07  3998:0.0006985965501579421  3999:0.0006987712429686843
    4000:0.000698683912937353  100000:0.00013975354982773464
noam  initial_learning_rate=2.5 model_dim=768 warmup_steps=100
    0:9.021097956087903e-05  98:0.008930886976527023  99:0.009021097956087902  100:0.008976327962834783
    1000:0.002851296361725828
rsqrt_decay  initial_learning_rate=0.3 warmup_steps=50
    0:0.3  49:0.3  50:0.3  51:0.2970442628930023  200:0.15  1000:0.0670820393249937
"""


EVERY = [case for table in (KERAS, TF1, TORCH, OPTAX, TENSOR2TENSOR) for case in cases(table)]


@pytest.mark.parametrize(("name", "settings", "steps", "rates"), EVERY)
def test_the_rates_of_other_libraries(name, settings, steps, rates):
    assert len(steps) >= 4
    np.testing.assert_allclose(SCHEDULES[name](steps, **settings), rates, rtol=1e-12, atol=1e-16)


def test_the_lectures_table_after_epochs_1_to_4():
    """D2: a0 = 0.2 and rate 1 give 0.1, 0.067, 0.05, 0.04, with any number of steps in an epoch."""
    for steps_per_epoch in (1, 60, 5000):
        after = np.array([1, 2, 3, 4]) * steps_per_epoch
        rates = SCHEDULES["inverse_time_decay"](
            after, initial_learning_rate=0.2, decay_rate=1.0, decay_steps=steps_per_epoch, staircase=True
        )
        np.testing.assert_allclose(rates, [0.2 / 2, 0.2 / 3, 0.2 / 4, 0.2 / 5], rtol=1e-15)


def test_the_lectures_other_decays():
    """D3: 0.95^epoch a0, k/sqrt(epoch) a0, k/sqrt(t) a0, halving in a staircase."""
    step = np.arange(50)
    epoch = step // 10
    rates = SCHEDULES["exponential_decay"](step, decay_steps=10, decay_rate=0.95, staircase=True)
    np.testing.assert_allclose(rates, 0.1 * 0.95**epoch, rtol=1e-14)
    rates = SCHEDULES["inverse_sqrt_decay"](step, k=3.0, decay_steps=10)
    np.testing.assert_allclose(rates, 0.1 * 3 / np.sqrt(epoch + 1), rtol=1e-14)
    np.testing.assert_allclose(SCHEDULES["inverse_sqrt_decay"](step, k=3.0), 0.3 / np.sqrt(step + 1), rtol=1e-14)
    assert SCHEDULES["step_decay"]([0, 9, 10, 19, 20, 30], decay_steps=10).tolist() == [
        0.1,
        0.1,
        0.05,
        0.05,
        0.025,
        0.0125,
    ]


def test_by_hand():
    edits = ((3, 0.05), (5, 0.2))
    assert SCHEDULES["manual_decay"](np.arange(7), edits=edits).tolist() == [0.1, 0.1, 0.1, 0.05, 0.05, 0.2, 0.2]
    flat = SCHEDULES["manual_decay"](np.arange(7), edits=(3, 0.05, 5, 0.2))
    assert np.array_equal(flat, SCHEDULES["manual_decay"](np.arange(7), edits=np.array(edits)))
    assert np.array_equal(flat, SCHEDULES["manual_decay"](np.arange(7), edits=edits))
    assert SCHEDULES["manual_decay"]([0, 9], edits=((0, 0.3),)).tolist() == [0.3, 0.3]
    assert SCHEDULES["manual_decay"]([0, 9], edits=()).tolist() == [0.1, 0.1]
