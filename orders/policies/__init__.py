"""Who may take which step of what, and what of the other lives must be so first."""
