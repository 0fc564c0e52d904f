"""Suites that hold nothing but requests and reports: in mode fixed nothing is left of them but a `pass`."""; from nascompile_runtime.graph import darts as _nascompile


def report(metric):
    _nascompile.report_intermediate_result(metric)


def report_all(metrics):
    for metric in metrics:
        _nascompile.report_intermediate_result(
            metric)  # of this turn
    else:
        _nascompile.get_next_parameter()
        _nascompile.report_final_result(metric)
    while metrics:
        _nascompile.training_update(); _nascompile.get_next_parameter()


class Reporter:
    _nascompile.report_final_result(0)
