"""What every figure is made of: theme, traces, axes, surface maps, the identity of optimizers, text, and what the stage reads."""
