"""What may be done to orders, as verbs. Screens and programs call `lines`, `orders`, `quotes`, `tasking`."""
