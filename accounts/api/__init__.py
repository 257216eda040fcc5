"""What programs ask of this room."""
