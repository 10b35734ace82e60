"""What is checked beside the profile, one module a layer."""
