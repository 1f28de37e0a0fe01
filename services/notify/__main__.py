"""`python -m services.notify` serves."""

from services.notify.app import main

main()
