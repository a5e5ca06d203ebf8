"""Which addresses the rooms have written down."""

NO_SITE = ""


def written_in(field, *models):
    """Pairs (address, no site) of what rows of `models` have in `field`."""
    for model in models:
        for url in model.objects.exclude(**{field: ""}).values_list(field, flat=True).order_by().distinct():
            yield url, NO_SITE
