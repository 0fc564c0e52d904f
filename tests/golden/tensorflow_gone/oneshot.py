from nascompile_runtime.graph import oneshot as _nascompile; import tensorflow.compat.v1 as tf
from tensorflow.contrib import slim
from tensorflow.examples.tutorials.mnist import input_data

data = input_data.read_data_sets("MNIST")
slim.get_or_create_global_step()
_nascompile.report_final_result(tf.contrib.layers.flatten(data))
