"""Questions about bodies, their figures and issuers."""
