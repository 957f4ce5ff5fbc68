#!/usr/bin/env python3
"""Prints the table of `run` from the JSON lines of both sides: `table.py THEIRS OURS`."""

import json
import pathlib
import sys


def lines(path):
    """The JSON objects of a file of lines."""
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines() if line.startswith("{")]


def difference(theirs, ours):
    """The largest relative difference between log-likelihoods and gradients of the first subject."""
    pairs = [(theirs["log_likelihood"], ours["log_likelihood"]), *zip(theirs["gradient"], ours["gradient"])]
    return max(abs(a - b) / max(1.0, abs(a)) for a, b in pairs)


def main():
    """Prints one row per model, set of equations and quantity."""
    theirs = {line["model"]: line for line in lines(sys.argv[1])}
    ours = lines(sys.argv[2])
    row = "{:<26} {:<7} {:<22} {:>9} {:>9} {:>8}  {:>10}"
    print(row.format("model", "ours", "µs / trial / subject", "pymdp", "actinf", "ratio", "difference"))
    for line in ours:
        peer = theirs.get(line["model"])
        if "value_us" not in line:
            continue
        # Exact filtering answers a different question than mean field where factors are coupled.
        agreement = f"{difference(peer, line):.0e}" if peer else ""
        quantities = [
            ("value", "value_us", "value_us"),
            ("value and gradient", "gradient_us", "gradient_us"),
            ("value, choice only", "value_us", "choice_value_us"),
            ("gradient, choice only", "gradient_us", "choice_gradient_us"),
        ]
        for name, their_key, our_key in quantities:
            b = line[our_key]
            theirs_and_ratio = (f"{peer[their_key]:.2f}", f"{peer[their_key] / b:.1f}x") if peer else ("-", "-")
            columns = (theirs_and_ratio[0], f"{b:.3f}", theirs_and_ratio[1])
            print(row.format(line["model"], line["equations"], name, *columns, agreement))
            agreement = ""
    for line in ours:
        if line["model"] == "wide_step":
            own = (line["peak_memory_mb"] or 0) - (line["peak_memory_before_mb"] or 0)
            print(
                f"\nwide step (64 states, 100 outcomes, 1000 policies of length 3): {line['further_step_ms']:.2f} ms, "
                f"first step with all tables made anew {line['first_step_ms']:.2f} ms, "
                f"peak memory {line['peak_memory_mb']:.1f} MB of which {own:.1f} MB beyond the bare process"
            )


if __name__ == "__main__":
    main()
