"""The catalogue for programs: products, and signed links in the community's own protocol."""
