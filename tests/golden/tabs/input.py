import tensorflow as tf


class Net:
	def build(self, x):
		if x:
			"""@nni.mutable_layers({
				layer_choice: [conv(size=1), conv(size=3)],
				fixed_inputs: [x],
				layer_output: h
			}, {
				layer_choice: [pool()],
				fixed_inputs: [h],
				layer_output: out
			})"""
			return out
		# @nni.mutable_layer(layer_choice=[pool()],
		#	fixed_inputs=[x])
		out = pool([[x], []])
		return out
from layers import conv, pool
