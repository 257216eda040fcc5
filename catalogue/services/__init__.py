"""What is done to the catalogue, one file per subject."""
