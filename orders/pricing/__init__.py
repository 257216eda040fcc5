"""What a wish counts and costs: pure decision tables over one dated version of the rules."""
