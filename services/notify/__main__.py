"""`python -m services.notify` serves."""

from .app import main

main()
