from nascompile_runtime.graph import darts as _nascompile; import tensorflow as tf


class Net:
	def build(self, x):
		if x:
			h = _nascompile.weighted_sum("input/Net.build", "h",
				layer_choice=[_nascompile.candidate("conv(size=1)", "h/conv_size_1", conv, size=1), _nascompile.candidate("conv(size=3)", "h/conv_size_3", conv, size=3)],
				fixed_inputs=[x])

			out = _nascompile.weighted_sum("input/Net.build", "out#1of2-460169",
				layer_choice=[_nascompile.candidate("pool()", "out/pool", pool)],
				fixed_inputs=[h])


			return out
		out = _nascompile.weighted_sum("input/Net.build", "out#2of2-460169", layer_choice=[_nascompile.candidate("pool()", "out/pool.2", pool)],
			fixed_inputs=[x])

		return out
from layers import conv, pool
