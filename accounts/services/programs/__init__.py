"""Keys, programs and partner accounts: what acts for a person elsewhere."""
