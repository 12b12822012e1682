"""The figures of docs/benchmarks.md, by `make bench`: requests, memory, start. Counts and ratios, made in one run."""
