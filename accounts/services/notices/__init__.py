"""Who is told what, and how: the one way to tell, the choices, the list, the digests."""
