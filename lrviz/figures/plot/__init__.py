"""What every figure shares: theme, text."""
