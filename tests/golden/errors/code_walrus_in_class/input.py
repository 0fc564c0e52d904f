class Net:
    """@nni.report_final_result([last := x for x in range(3)])"""
