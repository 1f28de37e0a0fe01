"""The rules of the window, and the service that keeps them."""
