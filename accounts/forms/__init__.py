"""The shapes of what people send, one file per subject: fields and formats, never rules."""
