"""``python -m authentic_outreach``: the command line."""

from authentic_outreach.cli import main

if __name__ == "__main__":
    main()
