"""Issuing certificates in the background."""

from django.tasks import task

from events.certificates.issue import carry_out


@task
def issue(job_id):
    """Issue the certificates that a job asks for. Run twice, it issues none twice."""
    carry_out(job_id)
