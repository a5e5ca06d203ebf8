import pytest

from tests.members.smtp import MailServer


@pytest.fixture
def server(settings):
    """A mail server, to which the portal's e-mail goes."""
    with MailServer() as server:
        settings.MAILERS = server.mailer()
        yield server
