"""The figures of docs/performance.md, one command each."""
