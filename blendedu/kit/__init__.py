"""Small shared tools. The lowest layer: it imports no other app and has no models."""
