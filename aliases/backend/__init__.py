"""A Django database backend over the one DynamoDB table: `ENGINE = "aliases.backend"`.

Django's own queries run here without SQL. The planner picks the cheapest access path that holds every wanted row
(`planning.py`), the mapping of the model turns items into rows (`mapping.py` and its neighbours), and the WHOLE of the
WHERE clause is then evaluated in Python with SQL's three-valued logic (`evaluation.py`). `queryset.explain()` prints
the access path and what it costs.

What works
    filter and exclude with Q, AND, OR, NOT; the lookups exact, iexact, in, gt, gte, lt, lte, range, isnull, contains,
    icontains, startswith, istartswith, endswith, iendswith, regex, iregex; date parts (year, month, day, hour, ...,
    date) and Trunc; F() and arithmetic; Lower, Upper, Coalesce; order_by (nulls too), slices, distinct(), values,
    values_list, only, defer, dates, datetimes; count, exists, first, last, latest, earliest, get, in_bulk, iterator;
    aggregate with Count, Sum, Avg, Min, Max (distinct and filter too); annotate without aggregates; subqueries on the
    right of `in`; select_related and filters over to-one relations (a hash join); prefetch_related;
    create, bulk_create, get_or_create, save, update, `F("n") + 1` as one native ADD, bulk_update, delete with cascades.

What raises NotSupportedError, naming itself
    annotate() with aggregates (GROUP BY), union, intersection, difference, extra(), raw SQL, distinct on fields, XOR,
    window functions, Exists and OuterRef, joins over to-many relations, ignore_conflicts and update_conflicts,
    updates from other columns, expressions and lookups that are not in the list above.

What is different from SQL
    A write is atomic by itself. `atomic()` nests and runs `on_commit` hooks, and rolls nothing back.
    Only primary keys are unique; no foreign key is enforced beyond Django's own cascades.
    The index that lists items is a little behind; what this process wrote itself it sees at once (`ownwrites.py`).
"""
