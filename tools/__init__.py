"""What `./run` is made of; the standard library only, since it runs before anything is installed."""
