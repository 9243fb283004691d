"""Statements of an account as values: what their lines say, whatever file they come from. Pure, but for `apart`."""
