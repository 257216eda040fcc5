"""Licence texts and their versions, signatures and their chain, receipts."""
