"""Draws the posterior of `group_ours.rs` with numpyro's NUTS on JAX, and prints one JSON line.

    python group_numpyro.py --data FOLDER

The model is that of actinf with default priors: Rescorla-Wagner learning from values of 0, the logarithm of the inverse
temperature and the logit of the learning rate normal in the population, with normal hyperpriors of their means and half-normal
ones of their standard deviations. Double precision, non-centred, four chains of a thousand draws after a thousand of warm-up.
The first run compiles; the second, with another seed, is the one whose processor time counts.
"""

import argparse
import json
import os
import pathlib
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import lax
from numpyro.diagnostics import summary
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)

# Mean and standard deviation of log inverse temperature and logit learning rate: the default priors of actinf.
CENTRES = jnp.array([jnp.log(3.0), 0.0])
WIDTHS = jnp.array([1.0, 1.5])


def log_likelihood(inverse_temperature, learning_rate, choices, outcomes):
    """ln p of one person's choices."""

    def trial(values, seen):
        choice, outcome = seen
        log_p = jax.nn.log_softmax(inverse_temperature * values)[choice]
        return values.at[choice].add(learning_rate * (outcome - values[choice])), log_p

    return lax.scan(trial, jnp.zeros(2), (choices, outcomes))[1].sum()


def model(choices, outcomes):
    mean = numpyro.sample("mean", dist.Normal(CENTRES, WIDTHS).to_event(1))
    sd = numpyro.sample("sd", dist.HalfNormal(WIDTHS).to_event(1))
    with numpyro.plate("people", len(choices)):
        z = numpyro.sample("z", dist.Normal(jnp.zeros(2), 1.0).to_event(1))
        at = numpyro.deterministic("person", mean + sd * z)
        logs = jax.vmap(log_likelihood)(jnp.exp(at[:, 0]), jax.nn.sigmoid(at[:, 1]), choices, outcomes)
        numpyro.factor("behaviour", logs)


def draw(behaviour, seed, method):
    sampler = MCMC(
        NUTS(model), num_warmup=1000, num_samples=1000, num_chains=4, chain_method=method, progress_bar=False
    )
    start = time.process_time()
    sampler.run(jax.random.PRNGKey(seed), *behaviour, extra_fields=("diverging",))
    draws = {name: jnp.asarray(x) for name, x in sampler.get_samples(group_by_chain=True).items()}
    jax.block_until_ready(draws)
    return time.process_time() - start, draws, int(sampler.get_extra_fields()["diverging"].sum())


def line(behaviour, method):
    draw(behaviour, 0, method)
    seconds, draws, divergences = draw(behaviour, 1, method)
    kept = summary({name: draws[name] for name in ("mean", "sd", "person")})
    population = [
        {"name": f"{name}[{k}]", "mean": float(kept[name]["mean"][k]),
         "standard_error": float(kept[name]["std"][k] / kept[name]["n_eff"][k] ** 0.5)}
        for name in ("mean", "sd") for k in range(2)
    ]
    return {
        "sampler": f"numpyro {numpyro.__version__}, {method} chains",
        "seconds": seconds,
        "smallest_effective_size": min(float(of["n_eff"].min()) for of in kept.values()),
        "worst_r_hat": max(float(of["r_hat"].max()) for of in kept.values()),
        "divergences": divergences,
        "population": population,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder with group.json")
    people = json.loads((parser.parse_args().data / "group.json").read_text())
    choices = jnp.array([person["choices"] for person in people])
    outcomes = jnp.array([person["outcomes"] for person in people], dtype=float)
    for method in ("sequential", "vectorized"):
        print(json.dumps(line((choices, outcomes), method)), flush=True)


if __name__ == "__main__":
    main()
