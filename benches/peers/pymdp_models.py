"""The three models of the comparison, as pymdp agents, one per subject, from three free numbers each.

The same models are written for actinf in `../models/t_maze.toml`, `../models/bandit.toml` and
`../cases/three_factors.rs`; names, order and numbers agree. Whoever changes one changes the other:
the log-likelihoods printed side by side by `./run` tell when they differ.
"""

from typing import Callable, NamedTuple

import jax
import jax.numpy as jnp
from pymdp.agent import Agent


class Model(NamedTuple):
    """A model with three free numbers that all reach perception."""

    name: str
    free: dict[str, float]  # the free numbers and where they are timed
    tables: Callable  # free numbers of one subject -> A, B, C, D and, where A is learned, its counts
    settings: dict  # what else the agent is made with
    habit: float  # logit of the policies that start with action `habit_action`
    habit_action: int
    outcomes: list[int]
    actions: int
    learns: bool = False

    def agents(self, theta):
        """One agent per row of `theta`, in one batch."""
        tables = jax.vmap(self.tables)(theta)
        subjects = theta.shape[0]
        horizon = self.settings["policy_len"]
        policies = self.actions**horizon
        starts = jnp.arange(policies) // self.actions ** (horizon - 1)
        habits = jax.nn.softmax(jnp.where(starts == self.habit_action, self.habit, 0.0))
        return Agent(
            **tables,
            E=jnp.broadcast_to(habits, (subjects, policies)),
            batch_size=subjects,
            action_selection="stochastic",
            sampling_mode="full",
            **self.settings,
        )


def moves(states, actions, target):
    """Transitions `[next, state, action]` that lead from everywhere to `target(action)`."""
    return jnp.zeros((states, states, actions)).at[
        jnp.array([target(u) for u in range(actions)]), :, jnp.arange(actions)
    ].set(1.0)


def t_maze(theta):
    """Four locations by two contexts that may switch; location, reward and cue are seen."""
    p, v, h = theta
    location = jnp.eye(4)
    nothing = jnp.array([1.0, 0.0, 0.0])
    seen = lambda first, second: jnp.stack([jnp.stack(first, -1), jnp.stack(second, -1)], -1)
    zero = jnp.zeros_like(p)
    good, bad = jnp.stack([zero, p, 1 - p]), jnp.stack([zero, 1 - p, p])
    reward = seen([nothing, good, bad, nothing], [nothing, bad, good, nothing])
    left, right = jnp.stack([zero, v, 1 - v]), jnp.stack([zero, 1 - v, v])
    cue = seen([nothing, nothing, nothing, left], [nothing, nothing, nothing, right])
    switch = jnp.stack([jnp.stack([1 - h, h]), jnp.stack([h, 1 - h])])
    return dict(
        A=[location, reward, cue],
        B=[moves(4, 4, lambda u: u), switch[:, :, None]],
        C=[jnp.zeros(4), jnp.array([0.0, 1.0, -1.0]), jnp.zeros(3)],
        D=[jnp.array([1.0, 0.0, 0.0, 0.0]), jnp.array([0.5, 0.5])],
    )


def bandit(theta):
    """Three arms and the state before the first pull; how often each arm wins is learned by counting."""
    win, count, _ = theta
    arm = jnp.stack([jnp.zeros_like(win), 1 - win, win])
    outcome = jnp.stack([jnp.array([1.0, 0.0, 0.0]), arm, arm, arm], -1)
    return dict(
        A=[outcome],
        pA=[count * outcome],
        B=[moves(4, 3, lambda u: u + 1)],
        C=[jnp.array([0.0, 0.0, 1.0])],
        D=[jnp.array([1.0, 0.0, 0.0, 0.0])],
    )


def drawn_columns(seed, columns, outcomes):
    """Columns of a fixed arbitrary table: `x <- (1103515245 x + 12345) mod 2^31`, weights `0.05 + x / 2^31`."""
    x, table = seed, []
    for _ in range(columns):
        weights = []
        for _ in range(outcomes):
            x = (1103515245 * x + 12345) % 2**31
            weights.append(0.05 + x / 2**31)
        table.append([weight / sum(weights) for weight in weights])
    return table


FACTORS = [4, 4, 3]
OUTCOMES = [4, 4, 3]


def three_factors(theta):
    """Three factors, the first controlled, seen through three modalities that depend on all of them."""
    reliability, persistence, first = theta
    A = []
    for m, outcomes in enumerate(OUTCOMES):
        table = jnp.array(drawn_columns(10 + m, 48, outcomes)).T.reshape(outcomes, *FACTORS)
        A.append(reliability * table + (1 - reliability) / outcomes)
    B = []
    for f, states in enumerate(FACTORS):
        actions = 4 if f == 0 else 1
        # Columns are numbered by action, then by previous state.
        table = jnp.array(drawn_columns(20 + f, actions * states, states)).reshape(actions, states, states)
        table = jnp.transpose(table, (2, 1, 0))
        B.append(table if f == 0 else persistence * jnp.eye(states)[:, :, None] + (1 - persistence) * table)
    rest = (1 - first) / 3
    return dict(
        A=A,
        B=B,
        C=[jnp.array([1.0, 0.0, 0.0, 0.0]), jnp.array([0.0, 0.5, 0.0, -0.5]), jnp.zeros(3)],
        D=[jnp.ones(4) / 4, jnp.stack([first, rest, rest, rest]), jnp.ones(3) / 3],
    )


MODELS = [
    Model(
        "t_maze",
        dict(reward_probability=0.8, cue_validity=0.85, switch_probability=0.05),
        t_maze,
        dict(policy_len=2, gamma=1.0, A_dependencies=[[0], [0, 1], [0, 1]]),
        habit=0.2,
        habit_action=3,
        outcomes=[4, 3, 3],
        actions=4,
    ),
    Model(
        "bandit",
        dict(win_probability=0.5, prior_count=2.0, learning_rate=0.7),
        bandit,
        dict(policy_len=1, gamma=2.0, use_param_info_gain=True, learn_A=True),
        habit=0.3,
        habit_action=0,
        outcomes=[3],
        actions=3,
        learns=True,
    ),
    Model(
        "three_factors",
        dict(reliability=0.8, persistence=0.6, first_state=0.4),
        three_factors,
        dict(policy_len=3, gamma=1.5, A_dependencies=[[0, 1, 2]] * 3),
        habit=0.2,
        habit_action=0,
        outcomes=OUTCOMES,
        actions=4,
    ),
]
