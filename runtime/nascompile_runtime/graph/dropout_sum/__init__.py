"""What oneshot is made of: paths that are dropped at random, and each session's schedule."""
