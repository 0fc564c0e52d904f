import tensorflow as tf

with tf.Session() as session:

    accuracy = session.run("accuracy")


