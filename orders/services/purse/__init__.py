"""The quota: purses, periods, budgets, modulations, money, statements, waiting lists, forecasts."""
