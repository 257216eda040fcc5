"""Orders for programs, under /api/v1/: quotes that book nothing, orders, and the steps of their lines."""
