"""The Adam family: an average of the gradient, divided by the root of an average of its square."""

from __future__ import annotations

from ..arithmetic import maximum, sqrt, where
from ..params import number
from .entry import optimizer
from .parameters import BETA1, BETA2, CORRECTED, rate, small, unbiased


# fmt: off
def moments(s, g, beta1, beta2):
    """Adam's two averages: of the gradient, and of its square."""
    return beta1 * s["m"] + (1 - beta1) * g, beta2 * s["v"] + (1 - beta2) * g * g


def adam_denominator(s, t, *, beta2, eps, corrected=True, **_):
    return sqrt(unbiased(s["v"], beta2, t) if corrected else s["v"]) + eps


@optimizer(label="Adam", params=(rate(1e-3), BETA1, BETA2, small(1e-8), CORRECTED), slots=("m", "v"),
           memory="beta1", normalises=True,
           formula=r"m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}",
           source="Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1; torch Adam, optax adam",
           denominator=adam_denominator)
def adam(w, g, s, t, *, lr, beta1, beta2, eps, corrected):
    m, v = moments(s, g, beta1, beta2)
    m_hat, v_hat = (unbiased(m, beta1, t), unbiased(v, beta2, t)) if corrected else (m, v)
    return -lr * m_hat / (sqrt(v_hat) + eps), {"m": m, "v": v}


@optimizer(label="AMSGrad", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v", "v_max"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad v_{\max} \leftarrow \max(v_{\max}, v),\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{\sqrt{v_{\max}/(1-\beta_2^t)} + \epsilon}",
           source="Reddi, Kale & Kumar 2018, arXiv:1904.09237, there without bias correction; with it as in torch Adam with amsgrad",
           denominator=lambda s, t, *, beta2, eps, **_: sqrt(unbiased(s["v_max"], beta2, t)) + eps)
def amsgrad(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    v_max = maximum(s["v_max"], v)
    step = -lr * unbiased(m, beta1, t) / (sqrt(unbiased(v_max, beta2, t)) + eps)
    return step, {"m": m, "v": v, "v_max": v_max}


@optimizer(label="Adamax",
           params=(rate(2e-3), BETA1, BETA2,
                   small(1e-8).with_default(1e-8, help="Added to the size of each gradient. With 0, a coordinate that has met only gradients of 0 "
                                                       "diverges: 0/0.")),
           slots=("m", "u"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m \text{ as Adam},\quad u \leftarrow \max(\beta_2 u, |g| + \epsilon),\quad "
                   r"w \leftarrow w - \alpha \frac{m/(1-\beta_1^t)}{u}",
           source="Kingma & Ba 2015, arXiv:1412.6980, Algorithm 2, there without ε; with it as in torch Adamax, optax adamax",
           denominator=lambda s, t, **_: s["u"])
def adamax(w, g, s, t, *, lr, beta1, beta2, eps):
    m = beta1 * s["m"] + (1 - beta1) * g
    u = maximum(beta2 * s["u"], abs(g) + eps)
    return -lr * unbiased(m, beta1, t) / u, {"m": m, "u": u}


@optimizer(label="Nadam", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v"),
           like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad w \leftarrow w - \alpha \frac"
                   r"{\beta_1 m/(1-\beta_1^{t+1}) + (1-\beta_1) g/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}",
           source="Dozat 2016, with a constant beta1; optax nadam",
           denominator=adam_denominator)
def nadam(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    ahead = beta1 * unbiased(m, beta1, t + 1) + (1 - beta1) * unbiased(g, beta1, t)
    return -lr * ahead / (sqrt(unbiased(v, beta2, t)) + eps), {"m": m, "v": v}


def radam_denominator(s, t, *, beta2, eps, **_):
    """1 until rho_t, the number of samples the average of squares is worth, is 5; then Adam's over r_t."""
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * unbiased(beta2**t, beta2, t)
    top, now = maximum(rho_inf, 5.0), maximum(rho, 5.0)  # below 5 the factor is not used, and need not exist
    r = sqrt((now - 4) * (now - 2) * top / ((top - 4) * (top - 2) * now))
    return where(rho >= 5, adam_denominator(s, t, beta2=beta2, eps=eps) / r, 1.0)


@optimizer(label="RAdam", params=(rate(1e-3), BETA1, BETA2, small(1e-8)), slots=("m", "v"),
           memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad \rho_\infty = \frac{2}{1-\beta_2} - 1,\quad "
                   r"\rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t},\quad "
                   r"r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\rho_t}},\quad "
                   r"w \leftarrow w - \alpha\, r_t \frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}"
                   r"\text{ if } \rho_t \ge 5,\text{ else } w - \alpha\, m/(1-\beta_1^t)",
           source="Liu et al. 2020, arXiv:1908.03265, Algorithm 2, there from rho > 4 on; from rho ≥ 5 on as in optax radam",
           denominator=radam_denominator)
def radam(w, g, s, t, *, lr, beta1, beta2, eps):
    m, v = moments(s, g, beta1, beta2)
    return -lr * unbiased(m, beta1, t) / radam_denominator({"v": v}, t, beta2=beta2, eps=eps), {"m": m, "v": v}


@optimizer(label="AdamW",
           params=(rate(1e-3), BETA1, BETA2, small(1e-8),
                   number("weight_decay", 0.01, symbol="λ", low=0.0, slider=(0.0, 1.0),
                          help="Every step shrinks the weight by this share, times the learning rate.")),
           slots=("m", "v"), like="adam", memory="beta1", normalises=True,
           formula=r"m, v \text{ as Adam},\quad w \leftarrow w - \alpha"
                   r"\left(\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon} + \lambda w\right)",
           source="Loshchilov & Hutter 2019, arXiv:1711.05101, there λ is not multiplied by α; it is here, as in torch AdamW, optax adamw",
           denominator=adam_denominator)
def adamw(w, g, s, t, *, lr, beta1, beta2, eps, weight_decay):
    step, slots = adam(w, g, s, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, corrected=True)
    return step - lr * weight_decay * w, slots
