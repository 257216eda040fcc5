"""Small complete deliveries and pictures made by ourselves, for the tests and the demonstration."""
