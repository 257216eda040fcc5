"""What may be done to orders, as verbs, one room per subject. Screens and programs call these, and nothing below."""
