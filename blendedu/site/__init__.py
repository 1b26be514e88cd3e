"""The wiring between the web and the apps: middleware, health, sign-in rules, and the frame of every page."""
