"""`python -m services.intake` serves."""

from services.intake.app import main

main()
