"""Writes the explore-exploit task as SPM's MDP structure and as pymdp's arrays (needs numpy and scipy): python3 record.py"""

import numpy as np
from scipy.io import savemat

WIN = 0.8


def cells(arrays):
    """A MATLAB cell array of one row."""
    row = np.empty((1, len(arrays)), dtype=object)
    for k, array in enumerate(arrays):
        row[0, k] = array
    return row


def words(*lists):
    """Cells of cells of text."""
    return cells([cells(list(words)) for words in lists])


# [outcome, context, state]: states are start, hint, left, right; contexts left_better, right_better.
hint = np.zeros((3, 2, 4))
hint[0, :, [0, 2, 3]] = 1
hint[1, 0, 1] = hint[2, 1, 1] = 1
outcome = np.zeros((3, 2, 4))
outcome[0, :, :2] = 1
for context in range(2):
    for state in (2, 3):
        win = WIN if context == state - 2 else 1 - WIN
        outcome[1, context, state], outcome[2, context, state] = 1 - win, win
seen = np.zeros((4, 2, 4))
for state in range(4):
    seen[state, :, state] = 1
A = [hint, outcome, seen]

stay = np.eye(2)[:, :, None]
move = np.zeros((4, 4, 4))
for action in range(4):
    move[action, :, action] = 1
B = [stay, move]

C = [np.zeros((3, 3)), np.array([[0, 0, 0], [0, -1, -1], [0, 4, 2]], dtype=float), np.zeros((4, 3))]
D = [np.array([[1.0], [0.0]]), np.array([[1.0], [0], [0], [0]])]
d = [np.array([[0.25], [0.25]]), np.array([[1.0], [0], [0], [0]])]
V = np.ones((2, 5, 2), dtype=np.uint8)
V[:, :, 1] = [[1, 2, 2, 3, 4], [1, 3, 4, 1, 1]]

MDP = {
    "T": 3, "V": V, "A": cells(A), "B": cells(B), "C": cells(C), "D": cells(D), "d": cells(d),
    "alpha": 32.0, "beta": 1.0, "eta": 0.5, "omega": 0.0, "tau": 12.0, "erp": 1.0, "zeta": 3.0,
    "label": {
        "factor": cells(["context", "state"]),
        "name": words(["left better", "right better"], ["start", "hint", "left", "right"]),
        "modality": cells(["hint", "outcome", "state seen"]),
        "outcome": words(["none", "left", "right"], ["none", "loss", "win"], ["start", "hint", "left", "right"]),
        "action": words(["stay"], ["start", "hint", "left", "right"]),
    },
}
savemat("explore_exploit.mat", {"MDP": MDP}, do_compression=True, oned_as="column")
savemat("explore_exploit_v6.mat", {"mdp": MDP}, do_compression=False, oned_as="column")

# The same task for pymdp: a policy of one step, preferences that hold for all steps.
arrays = dict(A=A, B=B, C=[np.zeros(3), np.array([0.0, -1, 4]), np.zeros(4)], D=[np.array([0.5, 0.5]), np.array([1.0, 0, 0, 0])])
named = {f"{name}{k}": array for name, arrays in arrays.items() for k, array in enumerate(arrays)}
np.savez("explore_exploit.npz", **named, gamma=2.0, alpha=1.0, E=np.array([0.4, 0.3, 0.2, 0.1]))
np.savez_compressed("explore_exploit_compressed.npz", **named, gamma=2.0, alpha=1.0, E=np.array([0.4, 0.3, 0.2, 0.1]))
