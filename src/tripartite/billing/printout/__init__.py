"""The invoice and the credit note: a frozen value that holds all that they say, and the papers and data made of it."""
