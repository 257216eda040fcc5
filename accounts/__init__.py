"""Who: people, organisations, charter and licences, keys, and the trail of refusals and sign-ins."""
