"""Facts: the rates of other libraries, at boundaries, multiples and past the end, and the lecture's own numbers.

Each table below lists cases: a schedule with its settings, then step:rate pairs as printed by the library with all
their digits.
"""

from ast import literal_eval

import numpy as np
import pytest

from lrviz.schedules import SCHEDULES

# keras 3.15.1, KERAS_BACKEND=torch and floatx float64 (its other backends compute cosines in float32):
# float(keras.optimizers.schedules.X(...)(step)).
KERAS = """\
inverse_time_decay  initial_learning_rate=0.1 decay_steps=1.0 decay_rate=0.5
    0:0.1  1:0.06666666666666667  2:0.05  7:0.022222222222222223  1000:0.00019960079840319363
inverse_time_decay  initial_learning_rate=0.2 decay_steps=60 decay_rate=1.5
    0:0.2  1:0.19512195121951223  59:0.08080808080808083  60:0.08  61:0.07920792079207921
    119:0.050314465408805034  120:0.05  1000:0.007692307692307693
exponential_decay  initial_learning_rate=0.1 decay_steps=100000 decay_rate=0.96
    0:0.1  1:0.09999995917801381  99999:0.09600003918912274  100000:0.096  100001:0.09599996081089326
    199999:0.09216003762155783  200000:0.09216  1000000:0.06648326359915008
inverse_time_decay  initial_learning_rate=0.1 decay_steps=1.0 decay_rate=0.5 staircase=True
    0:0.1  1:0.06666666666666667  2:0.05  7:0.022222222222222223  1000:0.00019960079840319363
inverse_time_decay  initial_learning_rate=0.2 decay_steps=60 decay_rate=1.5 staircase=True
    0:0.2  1:0.2  59:0.2  60:0.08  61:0.08  119:0.08  120:0.05  1000:0.008
exponential_decay  initial_learning_rate=0.1 decay_steps=100000 decay_rate=0.96 staircase=True
    0:0.1  1:0.1  99999:0.1  100000:0.096  100001:0.096  199999:0.096  200000:0.09216
    1000000:0.06648326359915008
piecewise_constant_decay  boundaries=(100000,110000) values=(1.0,0.5,0.1)
    0:1.0  99999:1.0  100000:1.0  100001:0.5  110000:0.5  110001:0.1  500000:0.1
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=0.5
    0:0.1  1:0.09999549988749439  5000:0.07363961030678928  9999:0.010899999999999951  10000:0.01  10001:0.01
    20000:0.01  20001:0.01  25000:0.01  30000:0.01
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=1.0
    0:0.1  1:0.09999100000000001  5000:0.05500000000000001  9999:0.010008999999999999  10000:0.01  10001:0.01
    20000:0.01  20001:0.01  25000:0.01  30000:0.01
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=2.0
    0:0.1  1:0.0999820009  5000:0.0325  9999:0.0100000009  10000:0.01  10001:0.01  20000:0.01  20001:0.01
    25000:0.01  30000:0.01
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=0.5 cycle=True
    0:0.1  1:0.09999549988749439  5000:0.07363961030678928  9999:0.010899999999999951  10000:0.01
    10001:0.07363642824672045  20000:0.01  20001:0.061958926085899826  25000:0.04674234614174767  30000:0.01
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=1.0 cycle=True
    0:0.1  1:0.09999100000000001  5000:0.05500000000000001  9999:0.010008999999999999  10000:0.01
    10001:0.05499550000000001  20000:0.01  20001:0.039997000000000005  25000:0.024999999999999998  30000:0.01
polynomial_decay  initial_learning_rate=0.1 decay_steps=10000 end_learning_rate=0.01 power=2.0 cycle=True
    0:0.1  1:0.0999820009  5000:0.0325  9999:0.0100000009  10000:0.01  10001:0.032495500225  20000:0.01
    20001:0.019998000100000003  25000:0.012499999999999999  30000:0.01
cosine_decay  initial_learning_rate=0.1 decay_steps=1000
    0:0.1  1:0.09999975326009292  250:0.08535533905932738  333:0.0750453312680355  500:0.05
    999:2.467399070893439e-07  1000:0.0  1001:0.0  5000:0.0
cosine_decay  initial_learning_rate=0.3 decay_steps=700 alpha=0.2 warmup_steps=50
    0:0.3  1:0.2999987914790406  49:0.29711001143264965  50:0.2969913494618188  350:0.18000000000000002
    699:0.06000120852095937  700:0.06  701:0.06
cosine_decay  initial_learning_rate=0.01 decay_steps=700 alpha=0.2 warmup_steps=50 warmup_target=0.3
    0:0.01  1:0.0158  49:0.29419999999999996  50:0.3  51:0.2999987914790406  400:0.18000000000000002
    749:0.06000120852095937  750:0.06  751:0.06
cosine_decay_restarts  initial_learning_rate=0.1 first_decay_steps=10 t_mul=2.0 m_mul=1.0 alpha=0.0
    0:0.1  1:0.09755282581475769  9:0.0024471741852423235  10:0.1  11:0.0993844170297569  24:0.02061073738537635
    25:0.014644660940672627  26:0.009549150281252633  29:0.0006155829702431171  30:0.1  39:0.08802029828000156
    40:0.08535533905932738  69:0.0001541333133436018  70:0.1  399:0.08209758012813517  400:0.08171966420818227
    1209:0.0022248059589906888
cosine_decay_restarts  initial_learning_rate=0.1 first_decay_steps=10 t_mul=1.0 m_mul=0.8 alpha=0.1
    0:0.1  1:0.09779754323328192  9:0.012202456766718092  10:0.08200000000000002  11:0.08023803458662554
    24:0.04769968943799851  25:0.038800000000000015  26:0.029900310562001514  29:0.011409572330699584
    30:0.05608000000000001  39:0.011127657864559666  40:0.04686400000000001  69:0.010577360826654544
    70:0.028874368000000008  399:0.01000036594589923  400:0.010011963051962065  1209:0.010000000000005173
cosine_decay_restarts  initial_learning_rate=0.1 first_decay_steps=10 t_mul=1.5 m_mul=0.9 alpha=0.05
    0:0.1  1:0.0976751845240198  9:0.0073248154759802085  10:0.09050000000000001  11:0.0895658099313702
    24:0.0059341900686298125  25:0.08195000000000001  26:0.08157556394483191  29:0.07610365049961851
    30:0.07294855994900268  39:0.029062011318322784  40:0.02423750000000001  69:0.02517611266743084
    70:0.02231375000000001  399:0.031110280401650522  400:0.030696673959539664  1209:0.03673583678260987
cosine_decay_restarts  initial_learning_rate=0.1 first_decay_steps=10 t_mul=3.0 m_mul=1.2 alpha=0.0
    0:0.1  1:0.09755282581475769  9:0.0024471741852423235  10:0.12  11:0.11967131372209638
    24:0.06627170779605922  25:0.06  26:0.0537282922039408  29:0.035595801415451996  30:0.030000000000000013
    39:0.0003286862779036026  40:0.144  69:0.11015418702479074  70:0.10800000000000001
    399:5.848588474945515e-06  400:0.20736  1209:7.798196170980987e-07
"""

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

# torch 2.13.0: optimizer.param_groups[0]['lr'] under OneCycleLR(max_lr, ..., cycle_momentum=False), stepped.
TORCH = """\
one_cycle  initial_learning_rate=0.1 total_steps=100
    0:0.0040000000000000036  1:0.004281378056590748  28:0.09971862194340926  29:0.1  30:0.09994965352845243
    50:0.0793893450575732  98:5.07464715475788e-05  99:4e-07
one_cycle  initial_learning_rate=0.5 total_steps=123 pct_start=0.35 div_factor=10.0 final_div_factor=50.0
    0:0.04999999999999999  1:0.050627651034729215  20:0.2577866380229915  42:0.49999843014416623
    43:0.4998261798418576  44:0.4992679173953432  100:0.08856524179585372  121:0.0011925960968984892  122:0.001
one_cycle  initial_learning_rate=0.5 total_steps=10 pct_start=0.0
    0:0.4877641780172721  1:0.4522544395767425  5:0.17274706042325755  9:2e-06
one_cycle  initial_learning_rate=0.5 total_steps=10 pct_start=1.0
    0:0.020000000000000018  1:0.03447377101138199  5:0.3016755626400633  9:0.5
"""

# optax 0.2.8 with jax_enable_x64: exponential_decay, polynomial_schedule, cosine_decay_schedule,
# warmup_cosine_decay_schedule (whose decay_steps of 60 include the warm-up of 10).
OPTAX = """\
exponential_decay  initial_learning_rate=0.3 decay_steps=7 decay_rate=0.9 staircase=True
    0:0.3  6:0.3  7:0.27  8:0.27  13:0.27  14:0.243  50:0.14348907000000002
polynomial_decay  initial_learning_rate=0.3 decay_steps=50 end_learning_rate=0.02 power=1.7
    0:0.3  1:0.2905467741543789  25:0.10618010893414413  49:0.02036216712368332  50:0.02  51:0.02
cosine_decay  initial_learning_rate=0.3 decay_steps=50 alpha=0.25
    0:0.3  1:0.2997780069481805  25:0.1875  49:0.07522199305181945  50:0.075  51:0.075
cosine_decay  initial_learning_rate=0.02 decay_steps=50 alpha=0.1 warmup_steps=10 warmup_target=0.3
    0:0.020000000000000018  1:0.04799999999999999  9:0.272  10:0.3  11:0.29973360833781665  35:0.165
    59:0.03026639166218334  60:0.03  61:0.03
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


def cases(table):
    """(name, settings, steps, rates) for every case of a table."""
    for line in table.splitlines():
        if not line.startswith(" "):
            name, *words = line.split()
            steps, rates = [], []
            yield name, {key: literal_eval(value) for key, value in (word.split("=") for word in words)}, steps, rates
        else:
            pairs = [word.split(":") for word in line.split()]
            steps += [int(step) for step, _ in pairs]
            rates += [float(rate) for _, rate in pairs]


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
