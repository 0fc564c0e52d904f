import asyncio


async def build(reader):
    async with reader as stream:
        async for x in stream:
            """@nni.mutable_layer(
                layer_choice=[conv(await stream.size()), pool()],
                fixed_inputs=[await x],
                layer_output=h)"""
            await h
            # @nni.report_intermediate_result(await h)
    """@nni.report_final_result(await h)"""


asyncio.run(build(None))
from layers import conv, pool
