"""`python -m services.intake` serves."""

from .app import main

main()
