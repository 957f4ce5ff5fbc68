"""Records what ArviZ says about small samples: python record.py > diagnostics.json

The samples are drawn here with a fixed seed and stored with the numbers, so that a test can repeat them without Python.
"""

import json
import warnings

import arviz
import numpy as np

warnings.filterwarnings("ignore")
random = np.random.default_rng(20240607)


def autoregressive(chains, draws, correlation):
    noise = random.normal(size=(chains, draws))
    values = np.zeros_like(noise)
    values[:, 0] = noise[:, 0]
    for t in range(1, draws):
        values[:, t] = correlation * values[:, t - 1] + noise[:, t]
    return values


def samples():
    apart = random.normal(size=(4, 50))
    apart[3] += 1.5
    wider = random.normal(size=(4, 50))
    wider[0] *= 4
    yield "independent", random.normal(size=(4, 60))
    yield "positively correlated", autoregressive(4, 60, 0.8)
    yield "negatively correlated", autoregressive(4, 60, -0.6)
    yield "slow", autoregressive(2, 80, 0.98)
    yield "odd number of draws", autoregressive(3, 51, 0.5)
    yield "one chain elsewhere", apart
    yield "one chain wider", wider
    yield "heavy tails", random.standard_cauchy(size=(4, 50))
    yield "many equal values", random.integers(0, 3, size=(4, 50)).astype(float)
    yield "a single chain", autoregressive(1, 70, 0.4)
    yield "very short", random.normal(size=(2, 5))


def numbers(values):
    energy = np.asarray(values)
    return {
        "draws": [[float(x) for x in chain] for chain in values],
        "r_hat": float(arviz.rhat(values, method="rank")),
        "ess_bulk": float(arviz.ess(values, method="bulk")),
        "ess_tail": float(arviz.ess(values, method="tail")),
        "ess_mean": float(arviz.ess(values, method="mean")),
        "ess_quantile_25": float(arviz.ess(values, method="quantile", prob=0.25)),
        "mcse_mean": float(arviz.mcse(values, method="mean")),
        "bfmi": [float(x) for x in arviz.bfmi(energy)],
    }


def without_nan(record):
    return {key: (None if isinstance(value, float) and np.isnan(value) else value) for key, value in record.items()}


print(
    json.dumps(
        {
            "format": "sample diagnostics",
            "source": f"arviz {arviz.__version__}, numpy {np.__version__}",
            "samples": [{"name": name, **without_nan(numbers(values))} for name, values in samples()],
        },
        indent=1,
    )
)
