"""Quicklooks and thumbnails, drawn from untrusted images in a child process."""
