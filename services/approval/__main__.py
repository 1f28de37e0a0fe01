"""`python -m services.approval` serves."""

from services.approval.app import main

main()
