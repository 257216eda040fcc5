"""What the mails of this room say, one file per subject: built from an event, in the reader's language."""
