"""`python -m lrplan` is the same as `lrplan`."""

from lrplan.cli.main import main

if __name__ == "__main__":
    main()
