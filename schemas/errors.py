"""Errors that a person can mend."""

from __future__ import annotations


class UserError(Exception):
    """Something the person at the keyboard can put right.

    The message is one line that says what is wrong and what to do. The command
    line prints it to stderr and exits with `exit_code`, without a traceback.
    """

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy
