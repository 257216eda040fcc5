"""The desk's queues and decisions, the evidence beside them, and what is late."""
