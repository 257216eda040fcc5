"""What mails say of orders: who is told of which step."""
