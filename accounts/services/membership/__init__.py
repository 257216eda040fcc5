"""An organisation's way in, what changes of it, and its end."""
