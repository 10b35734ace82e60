"""From sources to a published release."""
