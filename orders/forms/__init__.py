"""What people type about orders, checked for shape alone; the rules are the services'."""
