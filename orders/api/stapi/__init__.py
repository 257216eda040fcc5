"""DINAMIS as a STAPI 0.1.0 provider, under /stapi/: landing and products for all, the rest for members."""
