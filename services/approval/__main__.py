"""`python -m services.approval` serves."""

from .app import main

main()
