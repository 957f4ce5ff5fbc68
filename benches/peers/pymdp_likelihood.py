#!/usr/bin/env python3
"""Times the log-likelihood of forced actions, and its gradient in three numbers, with pymdp on JAX's CPU backend.

It installs nothing. In an environment of your own, outside the repository:

    python3 -m venv peers && peers/bin/pip install inferactively-pymdp==1.0.4
    peers/bin/python pymdp_likelihood.py [--data FOLDER]

One JSON line per model is printed: microseconds of process CPU time per trial (one observation, one action) and
subject, for the value and for the value with its gradient, float64, 64 subjects in one batch, compiled, warm, the
smallest of several repeats. The gradient is that of reverse mode, the faster of two ways: remembering everything
between trials, or evaluating each trial again (`jax.checkpoint`); forward mode was slower on all three models. With `--data` (a folder that `cargo bench -p actinf-benches --bench peers -- FOLDER` has
written) the same subjects are scored and the log-likelihood and gradient of the first are printed for comparison;
without, actions and outcomes are drawn here (`jit` does the same work for all data).

How pymdp is used: as its own documentation and pybefit do, an Agent with a batch axis over subjects inside `lax.scan`
over trials. One trial: `infer_states`, `infer_policies`, `multiaction_probabilities`, then `infer_parameters` where A
is learned, then `update_empirical_prior` with the recorded action. No beliefs are reset during the 200 trials.
"""

import argparse
import json
import os
import pathlib
import sys
import time

SINGLE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {SINGLE_THREAD}".strip()
os.environ["JAX_PLATFORMS"] = "cpu"

try:
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    import pymdp_models
except ImportError as error:
    sys.exit(f"{error}\npymdp is needed: pip install inferactively-pymdp==1.0.4 (see the first lines of {__file__})")

SUBJECTS = 64
TRIALS = 200


def log_likelihood(model, theta, observations, actions, recompute=False):
    """Per subject, the sum over trials of the log-probability of the forced action, given all observations so far.

    `observations[m]` and `actions` have shape `[trials, subjects]`. With `recompute` the backward pass evaluates each
    trial again instead of remembering everything it made.
    """
    agent = model.agents(theta)

    def trial(carry, row):
        agent, prior = carry
        seen, action = row
        seen = [outcome[:, None] for outcome in seen]
        states = agent.infer_states(seen, prior)
        policies, _ = agent.infer_policies(states)
        probabilities = agent.multiaction_probabilities(policies)
        log = jnp.log(jnp.take_along_axis(probabilities, action[:, None], axis=1)[:, 0])
        if model.learns:
            agent = agent.infer_parameters(states, seen, None, lr_pA=theta[:, 2])
        joint = jnp.stack([action] + [jnp.zeros_like(action)] * (agent.num_factors - 1), axis=1)
        return (agent, agent.update_empirical_prior(joint, states)), log

    step = jax.checkpoint(trial) if recompute else trial
    _, logs = jax.lax.scan(step, (agent, agent.D), (observations, actions))
    return logs.sum(axis=0)


def drawn(model):
    """Arbitrary observations and actions."""
    rng = np.random.default_rng(1)
    observations = [rng.integers(0, size, (TRIALS, SUBJECTS)) for size in model.outcomes]
    if model.name == "bandit":  # the outcome "nothing" comes first and never again
        observations[0] = np.maximum(observations[0], 1)
        observations[0][0] = 0
    return observations, rng.integers(0, model.actions, (TRIALS, SUBJECTS))


def read(model, folder):
    """Observations and actions from a folder."""
    data = json.loads((folder / f"{model.name}.json").read_text())
    if data["free"] != model.free:
        sys.exit(f"{model.name}: the data were written for {data['free']}, this script has {model.free}")
    observations = np.array(data["observations"])  # [subject, trial, modality]
    return [observations[:, :, m].T for m in range(observations.shape[2])], np.array(data["actions"]).T


def seconds(function, *arguments, budget):
    """The smallest process CPU time of a call once it is compiled, over repeats that take `budget` seconds in all."""
    jax.block_until_ready(function(*arguments))
    best, spent, repeats = float("inf"), 0.0, 0
    while spent < budget or repeats < 5:
        start = time.process_time()
        jax.block_until_ready(function(*arguments))
        duration = time.process_time() - start
        best, spent, repeats = min(best, duration), spent + duration, repeats + 1
    return best


def measured(model, folder, budget):
    """The JSON line of one model."""
    observations, actions = read(model, folder) if folder else drawn(model)
    trials, subjects = actions.shape
    unit = 1e6 / (trials * subjects)
    observations, actions = [jnp.asarray(o) for o in observations], jnp.asarray(actions)
    theta = jnp.tile(jnp.array(list(model.free.values())), (subjects, 1))
    each = lambda theta, recompute=False: log_likelihood(model, theta, observations, actions, recompute)
    value = jax.jit(each)
    remembering = jax.jit(jax.value_and_grad(lambda theta: each(theta).sum()))
    recomputing = jax.jit(jax.value_and_grad(lambda theta: each(theta, True).sum()))
    gradients = [seconds(both, theta, budget=budget) * unit for both in (remembering, recomputing)]
    line = dict(
        model=model.name,
        subjects=subjects,
        trials=trials,
        value_us=seconds(value, theta, budget=budget) * unit,
        gradient_us=min(gradients),
        gradient_remembering_us=gradients[0],
        gradient_recomputing_us=gradients[1],
    )
    if folder:
        line["log_likelihood"] = float(value(theta)[0])
        line["gradient"] = [float(x) for x in recomputing(theta)[1][0]]
    return line


def main():
    """Prints one line per model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, help="folder with the subjects to score")
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU time for the repeats of each measurement")
    parser.add_argument("--models", nargs="*", help="only these models")
    arguments = parser.parse_args()
    for model in pymdp_models.MODELS:
        if not arguments.models or model.name in arguments.models:
            print(json.dumps(measured(model, arguments.data, arguments.seconds)), flush=True)


if __name__ == "__main__":
    main()
