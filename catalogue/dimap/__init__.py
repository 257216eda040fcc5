"""Deliveries in Airbus's DIMAP V2 format, read without trusting a byte of them."""
