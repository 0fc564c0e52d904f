"""Mark the undecided places of a TensorFlow model in comments; compile the file into the graph of a search mode."""

__version__ = "0.1.0"
