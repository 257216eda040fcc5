"""Places by their names, without the internet: countries, regions, départements and towns of the world."""
