"""What is set going, step by step and part by part, and the keys made for it: all dated, none overwritten."""

from tripartite.going_live.models.activations import Activation, ActivationStep, ChecklistVersion, GoneLive
from tripartite.going_live.models.keys import SignatureKey

__all__ = ["Activation", "ActivationStep", "ChecklistVersion", "GoneLive", "SignatureKey"]
