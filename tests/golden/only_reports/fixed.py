"""Suites that hold nothing but requests and reports: in mode fixed nothing is left of them but a `pass`."""


def report(metric):
    pass


def report_all(metrics):
    for metric in metrics:
        pass
  # of this turn
    else:
        pass
        pass
    while metrics:
        pass; pass


class Reporter:
    pass
