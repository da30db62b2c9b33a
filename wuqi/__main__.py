"""The book's commands under the county's name: ``python -m wuqi COMMAND``."""

from figurebook.cli.main import main

if __name__ == "__main__":
    main()
