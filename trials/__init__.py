"""Campaigns: promises tried hard, one module a name, in the shape that benchmarks/ describes."""
