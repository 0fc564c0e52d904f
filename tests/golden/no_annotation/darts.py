"""Looks up what an experiment with nni gave. Nothing here is annotated."""

import json

def best(path) :  # odd  formatting stays
    with open(path) as results:
        return max(json.load(results),key = lambda one: one["score"])
