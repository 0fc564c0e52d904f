"""What oneshot and darts share: a layer as the sum of all its candidates, every path behind a gate of its own."""
