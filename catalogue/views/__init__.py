"""The pages of the catalogue, one file per subject."""
