"""Cuts the representative part out of recordings of Bayesian model selection.

usage: subset.py GROUP_BMS.json MATRIX... > toolboxes.json
       subset.py GOLDEN_EXTRA.json GOLDEN_CBM.json > cbm.json

The first form keeps the named matrices of evidences (and leaves out timings); the second keeps the part `bms` and adds
the log evidences it was made from (`lme`, one list per model).
"""

import json
import sys

EXAMPLES = {"rl": ["lap_RL", "lap_dualRL"], "2step": ["lap_hybrid", "lap_mb", "lap_mf"]}
TIMINGS = {"time_s", "cpu_s"}


def without_timings(value):
    if isinstance(value, dict):
        return {key: without_timings(entry) for key, entry in value.items() if key not in TIMINGS}
    return value


document = json.load(open(sys.argv[1]))
if "bms" in document:
    fitted = json.load(open(sys.argv[2]))
    kept = {key: document[key] for key in ("_note", "lme_sources", "bms")}
    kept["lme"] = {name: [fitted[fit]["log_evidence"] for fit in fits] for name, fits in EXAMPLES.items()}
else:
    kept = {name: without_timings(document[name]) for name in sys.argv[2:]}
json.dump(kept, sys.stdout)
print()
