"""Public registers of organisations, read from the files they publish; pure: no models, no database."""
