"""The printed quote: a frozen value that holds all that the paper says, how it is built, and how it is worded."""
