"""What the templates of orders need besides the common tags."""
