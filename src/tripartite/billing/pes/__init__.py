"""The accountant's protocol (PES V2, schema 5.17 of the DGFiP): what a flow says, its XML, what rejects it. Pure."""
