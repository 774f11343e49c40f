"""Service, registration and cells of each slot."""
