"""Search: one box for all that the portal keeps, in Spanish, Portuguese and English at once.

It knows nothing of ours. A room says what of its rows is searched and who may see them; here it is indexed and asked for.

    from rifess.search.index import Moment, Source, Thing, forget, rebuild, write
    from rifess.search.ask import ask, complete, moments
    from rifess.search.marks import highlight                     # also in rifess.search.ask

    write([Thing(kind="recording", object_id=7, title=["Apertura", "Opening"], people="Ana Díaz", body="…",
                 spoken=[Moment(start=0, end=30_000, text="…", speaker="Ana Díaz", language="es")],
                 language="es", dated_on=date(2024, 9, 4), labels={"topic": ["financiamiento"]}, has_transcript=True)])
    forget("recording", [7])
    rebuild([Source("recording", queryset, thing_of)], report=None)

    answer = ask("finanzas -banca", within={"recording": Recording.objects.visible_to(user)},
                 filters={"year": ["2024"]}, page=1, per_page=20, prefix=False)
    answer.count, answer.hits, answer.facets, answer.suggestions, answer.query

- Times are milliseconds from the start of the recording. Languages are BCP 47.
- `kind` is only a word here; `within` has a queryset for each kind that may be answered, and nothing else is.
  Kinds of the same tier and day come in the order of `within`.
- Filters: "kind", "year", "transcript" (["yes"]) and any facet that rooms give as labels ("topic", "country", "language"…).
  Values of one facet are alternatives; facets must all be true. A facet's counts follow the other filters, not its own.
- Tiers: 1 all words stand in the title; 2 in the title or among people and topics; 3 anywhere in what was written or said;
  4 only with words of another language (cognates, the thesaurus).
- `write` and `forget` belong in the transaction that changes the row. The index is asked by SQLite's FTS5 or PostgreSQL's
  tsvector; both get the same words from `analyzer.py`, and so answer the same in the same order.
"""
