"""Cuts a few subjects out of a recorded file of format agency-reference/1 and adds the rows they were scored on.

usage: subset.py RECORDED.json BEHAVIOUR.csv SUBJECT... > dev_subset.json

BEHAVIOUR.csv is the table of behaviour the recording was made from; only observations, actions and ratings of the named
subjects are kept, as strings of 0 and 1 per block.
"""

import csv
import json
import sys

recorded, behaviour, subjects = sys.argv[1], sys.argv[2], sys.argv[3:]
document = json.load(open(recorded))
for case in document["cases"]:
    case["subjects"] = {subject: case["subjects"][subject] for subject in subjects}
blocks = {subject: {} for subject in subjects}
for row in csv.DictReader(open(behaviour)):
    if row["subject"] in blocks:
        block = blocks[row["subject"]].setdefault(
            row["block"], {"action_self": "", "action_other": "", "outcome": ""}
        )
        for column in ("action_self", "action_other", "outcome"):
            block[column] += row[column]
        for column in ("rating_self", "rating_other"):
            block[column] = float(row[column])
document["rows"] = {subject: list(by_block.values()) for subject, by_block in blocks.items()}
json.dump(document, sys.stdout, indent=1)
