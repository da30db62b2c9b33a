"""The commands of the project that one stands in: ``python -m figurebook COMMAND``."""

from figurebook.cli.main import main

if __name__ == "__main__":
    main()
