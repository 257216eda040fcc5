"""A person's windows and deadlines as a calendar feed behind a secret address."""
