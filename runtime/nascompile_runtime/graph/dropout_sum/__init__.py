"""What oneshot is made of: gates and their rates, the paths behind them, and each session's schedule."""
