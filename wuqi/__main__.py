"""The book's commands under the county's name: ``python -m wuqi COMMAND``."""

from wuqi.cli.main import main

main()
