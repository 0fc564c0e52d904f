# @nni.function_choice(tf.nn.relu(x), tf.nn.elu(x), name=tf.nn.relu)
y = tf.nn.rellu(x)
# @nni.function_choice(tf.nn.relu(x), tf.nn.elu(x), name=tf.nn.relu)
y = tf.nn.relu
