"""`python -m services.metrics`."""

from .app import main

if __name__ == "__main__":
    main()
