"""The pages of what is asked; each fetches, calls one service and answers."""
