"""Before an order: what is wanted, where it lies, every way to it, what each counts and costs."""
