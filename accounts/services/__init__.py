"""The verbs of the room: every change of accounts is one of these, in one transaction, by an actor."""
