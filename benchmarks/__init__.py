"""Ratios within one run, never absolute times: `make bench` runs all of them and prints tables in Markdown."""
