"""Trying the portal without a customer's call: what if, a test call, the canary, the demo."""
