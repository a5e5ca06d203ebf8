"""Why a file is refused, as a code: for code that reads hostile files in a process without Django."""


class Refused(Exception):
    """A file that is not taken: a `code`, and what its sentence names. Whoever asked for the examination has the sentence."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params
