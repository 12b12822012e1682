from __future__ import annotations

from django.db.backends.base.features import BaseDatabaseFeatures


class DatabaseFeatures(BaseDatabaseFeatures):
    """What differs from Django's defaults, each with the fact behind it."""

    # A write is atomic by itself; see DatabaseWrapper.
    supports_transactions = False
    uses_savepoints = True
    can_rollback_ddl = False
    atomic_transactions = False
    # An insert knows the key that it was given.
    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
    supports_unspecified_pk = True
    # Values reach the mappings as Python objects.
    has_native_uuid_field = True
    has_native_duration_field = True
    # Every kind of query is refused by name rather than rewritten by Django.
    supports_logical_xor = True
    supports_ignore_conflicts = True
    supports_update_conflicts = True
    supports_update_conflicts_with_target = True
    supports_select_union = True
    supports_select_intersection = True
    supports_select_difference = True
    # A queryset with a slice is an ordinary subquery here.
    allow_sliced_subqueries_with_in = True
    # Items are plain keys and values.
    has_select_for_update = False
    supports_foreign_keys = False
    can_create_inline_fk = False
    supports_column_check_constraints = False
    supports_table_check_constraints = False
    supports_partial_indexes = False
    supports_expression_indexes = False
    supports_expression_defaults = False
    supports_deferrable_unique_constraints = False
    supports_over_clause = False
    supports_json_field_contains = False
    supports_sequence_reset = False
    supports_collation_on_charfield = False
    supports_collation_on_textfield = False
    supports_paramstyle_pyformat = False
    can_introspect_foreign_keys = False
    can_introspect_default = False
    test_db_allows_multiple_connections = True  # every connection reaches the one table
    # Each chunk of iterator() is read when it is asked for.
    can_use_chunked_reads = True
    # The access path, and what it costs.
    supports_explaining_query_execution = True
