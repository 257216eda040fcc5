"""The quota's double-entry ledger: accounts, movements, periods, statements. It knows nothing else of orders."""
