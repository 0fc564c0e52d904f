"""Requests, updates, reports and marks with every form of arguments."""
import tensorflow as tf


session, loss, feed = tf.Session(), "loss", {"x": 1}



















