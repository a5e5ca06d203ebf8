"""Why a file is refused, as a code: for code that reads hostile files in a process without Django."""


class Refused(Exception):
    """A file that is refused: a `code`, and the parameters of its sentence. The caller of the examination has the sentence."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params
