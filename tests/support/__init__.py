"""What several test files use: settings at random, and a reader of what a page says."""
