"""The spreadsheets in which institutions send who is to take part: read, looked at, and brought in.

    table = read(data, name)
    plan = plan_for(seminar, table, columns, answers)
    bring(plan, …)

Brought again they change nothing: an address, and a name where there is none, takes part in a seminar once.
"""
