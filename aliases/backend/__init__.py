"""A Django database backend over the one DynamoDB table: `ENGINE = "aliases.backend"`.

Django's own queries run here without SQL. The planner picks the cheapest access path that holds every wanted row
(`planning.py`), the mapping of the model turns items into rows (`mapping.py` and its neighbours), and the WHOLE of the
WHERE clause is then evaluated in Python with SQL's three-valued logic (`evaluation.py`). `queryset.explain()` prints
the access path and what it costs. `docs/backend.md` tells more.

What works
    filters: filter, exclude, AND, OR, NOT, F() in a filter, subqueries after in, to-one relations
    lookups: exact, iexact, in, gt, gte, lt, lte, range, isnull, contains, icontains, startswith, istartswith,
        endswith, iendswith, regex, iregex
    date parts: year, iso_year, quarter, month, week, day, week_day, iso_week_day, hour, minute, second, date, time
    expressions: Value, arithmetic with + - * %, Coalesce, Lower, Upper, Case, Extract, Trunc
    order: order_by, nulls_first, nulls_last, reverse, slices, distinct
    results: get, count, exists, first, last, latest, earliest, in_bulk, iterator, values, values_list, only, defer,
        dates, datetimes, aggregate, annotate, none, explain
    aggregates: Count, Sum, Avg, Min, Max
    relations: select_related, prefetch_related
    writes: create, save, bulk_create, get_or_create, update_or_create, update, F("n") + 1, bulk_update, delete,
        cascades

What raises NotSupportedError, naming itself
    annotate() with aggregates (GROUP BY), union, intersection, difference, extra(), raw SQL, distinct on fields, XOR,
    window functions, Exists, Subquery and OuterRef, order_by('?'), joins over to-many relations, lookups and ordering
    on JSON, ignore_conflicts and update_conflicts, updates from other columns, another primary key for a row,
    expressions, lookups and aggregates that are not in the list above, the whole message log at once, dbshell,
    inspectdb.

What is different from SQL
    A write is atomic by itself. `atomic()` nests and runs `on_commit` hooks, and rolls nothing back. An UPDATE or
    DELETE writes each row on condition that what its WHERE clause looked at is still so.
    select_for_update() locks nothing, as Django says of databases without row locks; what it may promise beyond that
    (nowait, skip_locked, of, no_key) is refused.
    Only primary keys are unique; no foreign key is enforced beyond Django's own cascades.
    The index that lists items is a little behind; what this process wrote itself it sees at once (`ownwrites.py`).
"""
