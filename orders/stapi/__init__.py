"""DINAMIS as a STAPI 0.1.0 provider, the pure part: words, shapes and how a body is read. No models."""

VERSION = "0.1.0"
