def train(metric):
    """@nni.report_final_result(await metric)"""


async def fine(metric):
    """@nni.report_final_result(await metric)"""
