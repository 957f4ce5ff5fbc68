"""Cuts one simulated data set per model out of a recording of the six models of Wilson & Collins (2019), and puts its choices
and rewards beside it.

    python3 subset.py tenrules_fits.json tenrules_data.tsv > one_per_model.json

The recording holds negative log-likelihoods at fixed parameters, equal to those of the authors' MATLAB functions run in Octave, and
the best of 25 maximum-likelihood fits. Models and code of the authors: MIT licence.
"""

import collections
import csv
import json
import sys


def main(fits: str, table: str) -> None:
    with open(table, newline="") as file:
        rows = collections.defaultdict(list)
        for row in csv.DictReader(file, delimiter="\t"):
            rows[row["dataset"]].append(row)
    with open(fits) as file:
        recorded = json.load(file)["datasets"]
    chosen = []
    for model in dict.fromkeys(dataset["generating_model"] for dataset in recorded):
        dataset = next(dataset for dataset in recorded if dataset["generating_model"] == model)
        steps = rows[dataset["dataset"]]
        chosen.append(
            {
                "dataset": dataset["dataset"],
                "choices": "".join(step["choice"] for step in steps),
                "rewards": "".join(step["reward"] for step in steps),
                "nll_at_points": dataset["nll_at_points"],
                "mle": dataset["mle"],
            }
        )
    json.dump({"format": "ten-simple-rules/1", "datasets": chosen}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
