"""The version of lrplan, in one place: the build, the User-Agent and the plan file read it from here."""

__version__ = "0.1.0"
