"""Words that mean the same and no rule can join: desarrollo, desenvolvimento, development."""

from collections import defaultdict

from rifess.search.models import Concept


def alternatives():
    """For each expression of the thesaurus, as stems in order, those that may stand in its place."""
    found = defaultdict(dict)
    for concept in Concept.objects.all():
        expressions = concept.expressions()
        for expression in expressions:
            found[expression] |= dict.fromkeys(other for other in expressions if other != expression)
    return {expression: tuple(others) for expression, others in found.items()}
