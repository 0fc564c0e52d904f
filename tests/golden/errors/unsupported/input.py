"""@nni.variable(nni.choice(0.1, 0.01), name=lr)"""
lr = 0.1
"""@nni.function_choice(tf.nn.relu(x), tf.nn.elu(x), name=tf.nn.relu)"""
y = tf.nn.relu(x)
