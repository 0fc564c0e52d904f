"""Suites that hold nothing but requests and reports: in mode fixed nothing is left of them but a `pass`."""


def report(metric):
    """@nni.report_intermediate_result(metric)"""


def report_all(metrics):
    for metric in metrics:
        """@nni.report_intermediate_result(
            metric)"""  # of this turn
    else:
        """@nni.get_next_parameter()"""
        """@nni.report_final_result(metric)"""
    while metrics:
        """@nni.training_update()"""; """@nni.get_next_parameter()"""


class Reporter:
    """@nni.report_final_result(0)"""
