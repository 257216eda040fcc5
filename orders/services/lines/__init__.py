"""Orders and their lines: what becomes of them, step by step, and how that is read and told."""
