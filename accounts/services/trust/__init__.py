"""The trail, the register of personal data, what is forgotten when, rights without a ground."""
