"""PostgreSQL refuses overlapping periods by itself; the sentences for people are in the models' `clean()`."""

from django.db import migrations

from rifess.base.database.conflicts import AddExclusion

MEMBERSHIP_DAYS = "daterange(coalesce(joined_on, as_of), left_on)"


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [
        AddExclusion(
            "members_membership",
            "one_seat_per_country_at_a_time",
            equal=["country"],
            span=MEMBERSHIP_DAYS,
            where="category = 'member'",
        ),
        AddExclusion(
            "members_membership",
            "one_membership_per_institution_at_a_time",
            equal=["institution_id"],
            span=MEMBERSHIP_DAYS,
            where="institution_id IS NOT NULL",
        ),
        AddExclusion(
            "members_delegate",
            "one_titular_at_a_time",
            equal=["membership_id"],
            span="daterange(coalesce(starts_on, as_of), ended_on)",
            where="role = 'titular'",
        ),
        AddExclusion(
            "members_coordinationterm",
            "one_coordination_at_a_time",
            equal=[],
            span="daterange(starts_on, ends_on, '[]')",
            where="starts_on IS NOT NULL AND ends_on IS NOT NULL",
        ),
    ]
