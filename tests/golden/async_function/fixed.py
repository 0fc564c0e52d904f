import asyncio


async def build(reader):
    async with reader as stream:
        async for x in stream:
            h = conv([[await x], []], await stream.size())



            await h




asyncio.run(build(None))
from layers import conv, pool
