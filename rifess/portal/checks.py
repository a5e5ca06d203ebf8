"""What `check --deploy` asks: all of rifess.portal.operations.diagnosis."""

from django.core.checks import register

from rifess.portal.operations.diagnosis import CHECKS, answers


def _as_deploy_check(ask):
    def check(app_configs, **kwargs):
        return answers(ask)

    check.__name__ = ask.__name__
    return check


for ask in CHECKS.values():
    register(_as_deploy_check(ask), deploy=True)
