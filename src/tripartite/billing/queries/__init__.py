"""Reading what is billed, named after the questions."""
